"""Build what is deployed: one template, one zip for all functions, a layer for each of two.

`local` builds for the interpreter and the machine that it runs on, `aws` for Lambda; both from the same sources.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import chalice

from infra.build import archive, bytecode, packages, parameters, template
from infra.build.packages import ROOT
from infra.build.target import AWS, Target, host

__all__ = ["Package", "aws", "local"]

# Never shipped: police addresses are loaded into the table.
PRIVATE = {"addresses.csv"}
# What `chalice package` itself puts into the zip of the Chalice package.
CHALICE_RUNTIME = ("__init__.py", "app.py")


@dataclass(frozen=True)
class Package:
    """A folder ready to be deployed: `data.json` first, then `sam.json`, whose code and layers are the zips.

    `analysis.json` and `ops.json` need the data stack alone. The parameters are for the four stacks; `build` is the
    hash of all code, layers and template.
    """

    folder: Path
    build: str
    data_parameters: dict[str, str]
    app_parameters: dict[str, str]
    analysis_parameters: dict[str, str]
    ops_parameters: dict[str, str]

    @property
    def data_template(self) -> Path:
        """Template of tables, buckets and topics."""
        return self.folder / "data.json"

    @property
    def app_template(self) -> Path:
        """SAM template of functions and API, with `CodeUri` and `ContentUri` relative to the folder."""
        return self.folder / "sam.json"

    @property
    def analysis_template(self) -> Path:
        """Template of the tables for analysts."""
        return self.folder / "analysis.json"

    @property
    def ops_template(self) -> Path:
        """Template of what operators watch."""
        return self.folder / "ops.json"

    @property
    def templates(self) -> tuple[Path, ...]:
        """The templates of all stacks."""
        return self.data_template, self.app_template, self.analysis_template, self.ops_template

    @property
    def code(self) -> Path:
        """Zip of all functions."""
        return self.folder / "deployment.zip"

    @property
    def layers(self) -> dict[str, Path]:
        """Zip of each layer by its name."""
        return {name: self.folder / f"{name}.zip" for name in packages.LAYER_LOCKS}


def local(instance: str, out: Path, **changed: str) -> Package:
    """Build for this interpreter; `changed` replaces entries of infra/params/local.json (`SiteUrl`, …)."""
    settings = parameters.stage_settings(parameters.LOCAL_STAGE) | {"Instance": instance} | changed
    return build(parameters.LOCAL_STAGE, settings, host(), out)


def aws(stage: str, out: Path) -> Package:
    """Build for AWS Lambda, with the settings of infra/params/<stage>.json.

    Raises:
        ValueError: for the stage `local`, in which functions may be told the time.
    """
    if stage == parameters.LOCAL_STAGE:
        raise ValueError("The stage `local` is never built for AWS.")
    return build(stage, parameters.stage_settings(stage), AWS, out)


def build(stage: str, settings: dict[str, str], target: Target, out: Path) -> Package:
    """Write templates and zips; a zip whose content is that of the last time stays."""
    out.mkdir(parents=True, exist_ok=True)
    language = parameters.document(settings["Instance"], "instance")["default_language"]
    level = archive.FASTEST if target.is_host else archive.SMALLEST
    code = _zip(out / "deployment.zip", function_files(settings["Instance"], target), level)
    layers = [_zip(out / f"{name}.zip", layer_files(name, target), level) for name in packages.LAYER_LOCKS]
    template.write(template.load(template.DATA), out / "data.json")
    template.write(template.load(template.ANALYSIS), out / "analysis.json")
    template.write(template.load(template.OPS), out / "ops.json")
    template.write(template.of_functions(target, language), out / "sam.json")
    name = archive.digest({"sam.json": out / "sam.json"}, code, *layers)[:12]
    package = Package(
        folder=out,
        build=name,
        data_parameters=parameters.of_data(stage, settings),
        app_parameters=parameters.of_functions(stage, settings, name),
        analysis_parameters=parameters.of_analysis(stage),
        ops_parameters=parameters.of_ops(stage, settings),
    )
    given = {
        "data": package.data_parameters,
        "app": package.app_parameters,
        "analysis": package.analysis_parameters,
        "ops": package.ops_parameters,
    }
    (out / "parameters.json").write_text(json.dumps(given, indent=2) + "\n", "utf-8")
    return package


def function_files(instance: str, target: Target) -> dict[str, Path | bytes]:
    """Return every file of the functions' zip by its name there."""
    folder = ROOT / "instances" / instance
    documents = {name: path for name, path in archive.members(folder, "instance").items() if path.name not in PRIVATE}
    runtime = Path(chalice.__file__).parent
    sources: dict[str, Path | bytes] = {
        "app.py": ROOT / "app.py",
        **archive.members(ROOT / "chalicelib", "chalicelib"),
        **{f"chalice/{name}": runtime / name for name in CHALICE_RUNTIME},
    }
    if bytecode.can_compile_for(target):
        sources |= bytecode.compiled(sources)
    return {**archive.all_members(packages.install(packages.FUNCTION_LOCK, target)), **sources, **documents}


def layer_files(name: str, target: Target) -> dict[str, Path | bytes]:
    """Return every file of a layer by its name there; Lambda adds its folder `python` to the path."""
    return {**archive.all_members(packages.install(packages.LAYER_LOCKS[name], target), "python")}


def _zip(path: Path, files: dict[str, Path | bytes], level: int) -> str:
    """Write the zip where its content is not that of the note beside it; return the content's hash."""
    content = archive.digest(files)
    note = path.with_suffix(".sha256")
    if not (path.is_file() and note.is_file() and note.read_text("ascii") == content):
        archive.write(path, files, level)
        note.write_text(content, "ascii")
    return content
