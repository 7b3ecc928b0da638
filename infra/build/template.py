"""The template of the functions: what `chalice package` writes, merged with infra/app.yaml, for a target."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from boto3 import Session
from chalice.package import YAMLTemplateSerializer
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.build.gateway import authorizers, responses
from infra.build.packages import ROOT
from infra.build.target import Target

FRAGMENT = ROOT / "infra" / "app.yaml"
DATA = ROOT / "infra" / "data.yaml"
ANALYSIS = ROOT / "infra" / "analysis.yaml"
OPS = ROOT / "infra" / "ops.yaml"
CHALICE_STAGE = "package"
CODE = "./deployment.zip"
NOBODY = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_CONFIG_FILE": os.devnull,
    "PYTHONDONTWRITEBYTECODE": "1",
}
FUNCTION = "AWS::Serverless::Function"
LAYER_VERSION = "AWS::Serverless::LayerVersion"

Template = dict[str, Any]


def load(path: Path) -> Template:
    """Read a CloudFormation template or fragment in YAML, its short forms (!Ref) written out."""
    loaded: Template = YAMLTemplateSerializer().load_template(path.read_text("utf-8"), str(path))
    return loaded


def of_functions(target: Target, language: str) -> Template:
    """Return the SAM template of functions and API.

    `language` is that of the gateway's own error texts.
    """
    fragment = load(FRAGMENT)
    fragment["Resources"]["RestAPI"]["Properties"]["DefinitionBody"] = responses(language) | authorizers()
    with tempfile.TemporaryDirectory(prefix="czujka-package-") as name:
        project = _project(Path(name))
        (project / "merge.json").write_text(json.dumps(fragment), "utf-8")
        _package(project)
        template = json.loads((project / "out" / "sam.json").read_text("utf-8"))
    return for_target(template, target)


def _project(folder: Path) -> Path:
    """Lay out a project without packages, so that Chalice writes the template and fetches nothing."""
    shutil.copy(ROOT / "app.py", folder)
    shutil.copytree(ROOT / "chalicelib", folder / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".chalice", folder / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    shutil.copytree(ROOT / "infra" / "policies", folder / "infra" / "policies")
    (folder / "requirements.txt").write_text("", "ascii")
    return folder


def _package(project: Path) -> None:
    # Chalice asks for a region and for keys, uses neither, and must not meet the caller's account.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | NOBODY
    command = [str(Path(sys.executable).with_name("chalice")), "package", "--stage", CHALICE_STAGE]
    subprocess.run(
        [*command, "--merge-template", "merge.json", "out"],
        cwd=project,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def for_target(template: Template, target: Target) -> Template:
    """Set runtime, architecture and code; Chalice knows only its own interpreter's."""
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == FUNCTION:
            properties |= {"Runtime": target.runtime, "Architectures": [target.architecture], "CodeUri": CODE}
        elif resource["Type"] == LAYER_VERSION:
            properties |= {
                "CompatibleRuntimes": [target.runtime],
                "CompatibleArchitectures": [target.architecture],
            }
    return template


def expanded(template: Template, values: dict[str, str]) -> Template:
    """Return what AWS makes of a SAM template with these parameters, as if its code had been uploaded."""
    copy = json.loads(json.dumps(template))
    for resource in copy["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = "s3://bucket/key"
    session = Session(region_name=NOBODY["AWS_DEFAULT_REGION"])
    result: Template = Translator({}, Parser(), boto_session=session).translate(copy, values)
    return result


def write(template: Template, path: Path) -> None:
    """Write the template as JSON."""
    path.write_text(json.dumps(template, indent=1, ensure_ascii=False) + "\n", "utf-8")
