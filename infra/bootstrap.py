"""Create the environments of the project and install what the lock files name.

Runs on a bare machine: standard library only, and the syntax of old Pythons, so that even they can say what is wrong.
Nothing is done where the lock and the interpreter are those of the last time.
"""

import sys

OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        "Python {}.{} or newer is needed, this is {}.{}. Name another one: make run PYTHON=python3.12".format(
            *(OLDEST + sys.version_info[:2])
        )
    )

import hashlib
import importlib.util
import re
import shutil
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 20
STAMP = ".lock-sha256"
# name of the environment -> its lock
ENVIRONMENTS = {".venv": "requirements/dev.txt", ".emulator": "requirements/emulator.txt"}
# Only where it is named: 0.7 GB of libraries that slow tests and a benchmark compare with; what `make audit` asks with;
# what `make check-infra` scans templates with.
ON_DEMAND = {
    ".oracles": "requirements/oracles.txt",
    ".audit": "requirements/audit.txt",
    ".scan": "requirements/scan.txt",
}
INSTALLER = "requirements/uv.txt"
SITE = ROOT / "static-site"
# What looks at the site from outside: Lighthouse, and a driver of Firefox. Only where it is named: 190 MB.
BROWSERS = ".browsers"
BROWSERS_LOCK = ROOT / "requirements" / "browsers"


class CannotPrepare(Exception):
    """Something that only the user can change is missing."""


def python_of(environment: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return environment / "bin" / "python"


def fingerprint(lock: Path, tool: str) -> str:
    """Return a hash of the lock and of the tool (interpreter or Node) that its packages were installed for."""
    return hashlib.sha256(lock.read_bytes() + tool.encode()).hexdigest()


def is_current(folder: Path, wanted: str) -> bool:
    """Tell whether the folder was completed for exactly this fingerprint."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text("ascii") == wanted


def is_of_this_python(environment: Path) -> bool:
    """Tell whether the environment was made by this very interpreter and for this very place."""
    config = environment / "pyvenv.cfg"
    if not config.is_file() or not python_of(environment).exists():
        return False
    stated = dict(re.findall(r"^(\w+) = (.+)$", config.read_text("utf-8"), re.MULTILINE))
    version = "{}.{}.{}".format(*sys.version_info[:3])
    return (
        stated.get("version") == version
        and stated.get("home") == str(Path(sys.base_prefix) / "bin")
        # A folder that was moved has the old place in its scripts.
        and stated.get("command", str(environment)).endswith(str(environment))
    )


def require_venv() -> None:
    """Debian packs venv and ensurepip apart from Python.

    Raises:
        CannotPrepare: with the package to install.
    """
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotPrepare("This Python cannot create environments. On Debian or Ubuntu: apt-get install python3-venv")


def node_version() -> str:
    """Return the version of the Node on the path.

    Raises:
        CannotPrepare: where there is none, or an old one, or no npm.
    """
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise CannotPrepare(
            f"Node {OLDEST_NODE} or newer with npm is needed and is not on the PATH (https://nodejs.org)."
        )
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    found = re.match(r"v(\d+)\.", version)
    if found is None or int(found.group(1)) < OLDEST_NODE:
        raise CannotPrepare(f"Node {OLDEST_NODE} or newer is needed, this is {version} ({node}).")
    return version


def call(command: list[str], cwd: Path = ROOT) -> None:
    """Run a program; its output appears only when it fails.

    Raises:
        CannotPrepare: with the program's own words.
    """
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotPrepare(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def install(environment: Path, lock: Path) -> None:
    """Make the environment hold exactly the lock: uv (12 times as fast), and pip where uv cannot reach the index."""
    python = str(python_of(environment))
    installer = ROOT / ".venv" / "bin" / "uv"
    try:
        call([str(installer), "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(lock)])
    except CannotPrepare:
        # uv does not read pip's configuration: a mirror that is named only there works with pip alone.
        call([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)])


def ensure_environment(name: str) -> bool:
    """Create the environment or bring it up to date.

    Returns:
        Whether anything was done.
    """
    environment, lock = ROOT / name, ROOT / (ENVIRONMENTS | ON_DEMAND)[name]
    wanted = fingerprint(lock, f"{sys.version}{environment}")
    if is_current(environment, wanted):
        return False
    require_venv()
    if not is_of_this_python(environment):
        call([sys.executable, "-m", "venv", "--clear", str(environment)])
    if name == ".venv":
        call([str(python_of(environment)), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", INSTALLER])
    install(environment, lock)
    (environment / STAMP).write_text(wanted, "ascii")
    return True


def ensure_site() -> bool:
    """Install the packages of the site by its npm lock.

    Returns:
        Whether anything was done.
    """
    return ensure_modules(SITE) if (SITE / "package-lock.json").is_file() else False


def ensure_browsers() -> bool:
    """Install what looks at the site from outside, by its npm lock.

    Returns:
        Whether anything was done.
    """
    folder = ROOT / BROWSERS
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(BROWSERS_LOCK / name, folder / name)
    return ensure_modules(folder)


def ensure_modules(folder: Path) -> bool:
    """Install the packages that the npm lock in a folder names into it.

    Returns:
        Whether anything was done.
    """
    modules = folder / "node_modules"
    wanted = fingerprint(folder / "package-lock.json", node_version())
    if is_current(modules, wanted):
        return False
    call(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder)
    (modules / STAMP).write_text(wanted, "ascii")
    return True


def ensure_all(*more: str) -> None:
    """Bring every environment, and the named ones of `ON_DEMAND`, up to date; print a line for each that was not."""
    node_version()
    modules = {"static-site/node_modules": ensure_site} | ({BROWSERS: ensure_browsers} if BROWSERS in more else {})
    steps = [(name, lambda name=name: ensure_environment(name)) for name in [*ENVIRONMENTS, *more] if name != BROWSERS]
    for name, step in [*steps, *modules.items()]:
        start = time.monotonic()
        if step():
            print(f"  {time.monotonic() - start:6.1f} s  packages of {name}", flush=True)


def clean() -> None:
    """Remove the environments and what was built; the state under .local stays."""
    for name in [*ENVIRONMENTS, *ON_DEMAND, BROWSERS, "static-site/node_modules", "static-site/dist", "dist", ".build"]:
        shutil.rmtree(ROOT / name, ignore_errors=True)


def main() -> int:
    """Prepare everything and what --oracles, --audit, --scan or --browsers names, or --clean all; return the code."""
    try:
        clean() if sys.argv[1:] == ["--clean"] else ensure_all(
            *(name for name in [*ON_DEMAND, BROWSERS] if f"--{name[1:]}" in sys.argv)
        )
    except CannotPrepare as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
