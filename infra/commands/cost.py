"""`make cost`: what a stage would cost a month, line by line, from the templates that are deployed.

    make cost REPORTS=10000 VISITS=100000 SUBSCRIBERS=2000 OFFICERS=500

Prices are those of `infra/prices.json`, without free tiers and taxes. It is a model: watch the bill.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from infra.build import template
from infra.build.target import AWS
from infra.costs import Use, bill, unpriced


def templates() -> dict[str, dict[str, Any]]:
    """Return the resources of every stack that there is a template of."""
    held = {"functions": template.of_functions(AWS, "pl")["Resources"]}
    for path in sorted(template.DATA.parent.glob("*.yaml")):
        if path != template.FRAGMENT:
            held[path.stem] = template.load(path)["Resources"]
    return held


def main(arguments: list[str] | None = None) -> int:
    """Print the bill as JSON."""
    parser = argparse.ArgumentParser(prog="make cost", description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000, help="reports a month")
    parser.add_argument("--visits", type=int, default=100_000, help="openings of the map a month")
    parser.add_argument("--subscribers", type=int, default=2_000, help="citizens who are mailed")
    parser.add_argument("--officers", type=int, default=500, help="officers who log in")
    use = Use(**vars(parser.parse_args(arguments)))
    made = templates()
    lines = bill(made, use)
    told = {"use": vars(parser.parse_args(arguments)), "dollars_a_month": lines, "sum": round(sum(lines.values()), 2)}
    print(json.dumps({**told, "not_in_the_model": unpriced(made)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
