"""`make run`: brings an instance up on this machine, serves it, and stops it in order."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

from infra.build import Package, local
from infra.commands.instance import NotRunning, Running, connect, record
from infra.local import deploy, fill
from infra.local.emulator import Emulator, EmulatorFailed
from infra.local.front import Front, HeaderRules
from infra.local.options import Options, check_port
from infra.local.progress import Progress, StepFailed
from infra.local.status import Status

DEPLOYED = "/czujka/local/deployed"
DOCUMENTS = "/czujka/local/documents"
SITE = "/czujka/local/site"


class Launcher:
    """Brings one instance up, step by step, and takes it down."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.progress = Progress()
        state = options.folder / "state" if options.persist else None
        self.emulator = Emulator(options.folder / "emulator", state)

    def bring_up(self) -> Running:
        """Do every step that is due; StepFailed or EmulatorFailed with what to do."""
        self._refuse_a_second()
        check_port(self.options.port)
        with self.progress.step("emulator started"):
            self.emulator.start()
        self._deploy()
        running = deploy.describe(self.emulator.access, self.options.instance, self.options.site_url)
        running.save()
        if fill.create_keys(running.client("ssm"), running.names["SECRETS_PARAM"]):
            self.progress.remark("signing keys made")
        self._load_documents(running)
        self._publish_site(running)
        return running

    def take_down(self) -> None:
        """Stop what runs; the state is saved."""
        record(self.options.instance).unlink(missing_ok=True)
        if hasattr(self.emulator, "process"):
            with self.progress.step("emulator stopped, state saved" if self.options.persist else "emulator stopped"):
                self.emulator.stop()

    def _refuse_a_second(self) -> None:
        try:
            other = connect(self.options.instance)
        except NotRunning:
            return
        raise StepFailed(
            f"The instance `{other.instance}` runs already at {other.base_url} (process {other.launcher})."
            " Stop it first."
        )

    def _deploy(self) -> None:
        access, options = self.emulator.access, self.options
        wanted = deploy.fingerprint(options.instance, *options.settings.values(), sys.version)
        ssm = access.client("ssm")
        if fill.note(ssm, DEPLOYED) == wanted:
            return
        with self.progress.step("functions built") as remarks:
            package = build(options)
            remarks.append(f"{package.code.stat().st_size / 1e6:.1f} MB")
            remarks += [f"{name} {path.stat().st_size / 1e6:.1f} MB" for name, path in package.layers.items()]
        with self.progress.step("templates checked by cfn-lint"):
            deploy.lint(package)
        with self.progress.step("data stack deployed"):
            deploy.deploy_data(access, package)
        with self.progress.step("app stack deployed"):
            deploy.deploy_app(access, package)
        fill.keep_note(ssm, DEPLOYED, wanted)

    def _load_documents(self, running: Running) -> None:
        ssm, wanted = running.client("ssm"), fill.documents_fingerprint(running.instance)
        if fill.note(ssm, DOCUMENTS) == wanted:
            return
        with self.progress.step("units and places loaded") as remarks:
            remarks.append(fill.load_documents(running))
        fill.keep_note(ssm, DOCUMENTS, wanted)

    def _publish_site(self, running: Running) -> None:
        ssm, options = running.client("ssm"), self.options
        wanted = fill.site_fingerprint(options.instance, options.site_url)
        if fill.note(ssm, SITE) == wanted and (options.folder / "site" / "headers.json").exists():
            return
        with self.progress.step("site built and published") as remarks:
            bucket = running.names["SITE_BUCKET"]
            out = options.folder / "site"
            count = fill.publish_site(running.client("s3"), bucket, options.instance, out, options.site_url)
            remarks.append(f"{count} files")
        fill.keep_note(ssm, SITE, wanted)


def build(options: Options) -> Package:
    """Build for this machine; StepFailed with what the failing tool said last."""
    try:
        return local(options.instance, options.folder / "build", **options.settings)
    except subprocess.CalledProcessError as failed:
        raise StepFailed(f"`{' '.join(map(str, failed.cmd))}` failed; what it says stands above.") from failed


async def serve(running: Running, options: Options, emulator: Emulator, ready: Callable[[], object]) -> None:
    """Serve the one origin until SIGINT or SIGTERM; EmulatorFailed where the emulator ends before."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    rules = HeaderRules.read((options.folder / "site" / "headers.json").read_text("utf-8"), running.endpoint)
    seal = fill.seal_of(running.client("ssm"), running.names["SECRETS_PARAM"])
    front = Front(running.access, running.names["SITE_BUCKET"], running.api, rules, Status(running).look, seal)
    watch = asyncio.create_task(end_with(emulator, stop))
    await front.serve(options.port, stop, ready)
    watch.cancel()
    if not emulator.runs:
        raise EmulatorFailed(f"The emulator ended by itself; start again. Its log: {emulator.log}")


async def end_with(emulator: Emulator, stop: asyncio.Event) -> None:
    """Set `stop` when the emulator ends."""
    while emulator.runs:  # noqa: ASYNC110 - a process sets no event
        await asyncio.sleep(1)
    stop.set()


def interrupted(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM during a step ends it like Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> int:
    """Run until told to stop; 1 with the reason where a step fails."""
    signal.signal(signal.SIGTERM, interrupted)
    launcher = None
    try:
        options = Options.read(os.environ)
        launcher = Launcher(options)
        running = launcher.bring_up()
        ready = partial(print_addresses, running, launcher.progress)
        asyncio.run(serve(running, options, launcher.emulator, ready))
    except (StepFailed, EmulatorFailed) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if launcher is not None:
            launcher.take_down()
    return 0


def print_addresses(running: Running, progress: Progress) -> None:
    """Say where everything is."""
    suffix = "" if running.instance == "pl" else f" INSTANCE={running.instance}"
    sys.stdout.write(
        f"{progress.total():7.1f} s  ready\n\n"
        f"  map     {running.base_url}/\n"
        f"  API     {running.base_url}/v1/health\n"
        f"  data    {running.base_url}/data/manifest.json\n"
        f"  status  {running.base_url}/status\n"
        f"  AWS     {running.endpoint} (emulator)\n\n"
        f"Ctrl-C stops it. In another terminal, e.g.: make demo{suffix}, make nightly{suffix}, make mail{suffix}\n"
    )
    sys.stdout.flush()
