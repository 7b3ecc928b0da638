"""The official validators, in a process of their own: their libraries warn, and tests take warnings for errors.

Reads from standard input, as JSON, `folders` of exports (`datapackage.json` and what it names) and `catalogues`, and
prints for each folder its faults and the rows read by table, and for each catalogue its faults.
"""

import json
import sys
from pathlib import Path
from typing import Any

SHAPES = Path(__file__).with_name("dcat_ap.ttl")


def package(folder: Path) -> tuple[list[list[Any]], dict[str, int]]:
    """Frictionless: is the descriptor one, are the files those that it names, is every row as its schema says?"""
    from frictionless import Package, validate

    report = validate(str(folder / "datapackage.json"))
    resources = Package(str(folder / "datapackage.json")).resource_names if report.valid else []
    rows = {task.name: task.stats.get("rows", 0) for task in report.tasks if task.name in resources}
    return report.flatten(["type", "fieldName", "note"]), rows


def catalogue(document: str) -> list[str]:
    """SHACL: what of the catalogue is not as DCAT-AP asks."""
    from pyshacl import validate
    from rdflib import Graph
    from rdflib.namespace import SH

    graph = Graph().parse(data=document, format="json-ld")
    _, results, _ = validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle", inference="none")
    return sorted(
        f"{results.value(fault, SH.resultPath)} {results.value(fault, SH.sourceConstraintComponent)}".replace(
            str(SH), ""
        )
        for fault in results.subjects(SH.resultSeverity, None)
    )


def main() -> None:
    """Answer."""
    asked = json.load(sys.stdin)
    answers = {
        "folders": [package(Path(folder)) for folder in asked["folders"]],
        "catalogues": [catalogue(json.dumps(document)) for document in asked["catalogues"]],
    }
    print(json.dumps(answers))  # noqa: T201


if __name__ == "__main__":
    main()
