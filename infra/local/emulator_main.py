"""The program that runs the AWS emulator; it runs in the emulator's own environment (`.emulator`).

It starts MiniStack in this process, because only from inside can its state be saved whole while it serves
(see `snapshot.py`). It listens on loopback alone and ends when its standard input ends, so that it never
outlives whoever started it, not even when that one is killed.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def arguments() -> argparse.Namespace:
    """What the starter says on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--temporary", type=Path, required=True, help="own folder for temporary files, emptied at start and end"
    )
    parser.add_argument("--state", type=Path, help="folder for the saved state; without it nothing is kept")
    parser.add_argument("--save-every", type=float, default=5.0, help="seconds between two saves")
    return parser.parse_args()


def use_temporary(folder: Path) -> None:
    """Give MiniStack a folder of its own: it leaves tens of megabytes behind for every function that ran."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None


def end_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set `stop` when standard input ends: the starter closed it, or is dead."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, daemon=True, name="parent-watch").start()


async def serve(port: int, state: Path | None, save_every: float) -> None:
    """Serve until SIGTERM, SIGINT or the end of standard input; save at the end when a state folder is given."""
    # Imported here: MiniStack reads its settings, the temporary folder among them, when it is imported.
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack import app as ministack

    sys.path.insert(0, str(ROOT))
    from infra.local.gaps import close_gaps
    from infra.local.saver import Saver
    from infra.local.snapshot import Store

    close_gaps()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    end_with_parent(loop, stop)

    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    config.loglevel = "WARNING"
    if state is None:
        await hypercorn_serve(ministack.app, config, shutdown_trigger=stop.wait)
        return
    store = Store(state)
    store.restore()
    saver = Saver(store, save_every)
    saving = asyncio.create_task(saver.run())
    await hypercorn_serve(saver.watch(ministack.app), config, shutdown_trigger=stop.wait)
    saving.cancel()
    saver.save_now()


def end_functions() -> None:
    """End the processes of the functions, which stand in this one's group when the starter gave it one of its own."""
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(os.getpgrp(), signal.SIGTERM)


def main() -> None:
    """Serve, then leave nothing behind."""
    options = arguments()
    use_temporary(options.temporary)
    failed = 0
    try:
        # Not asyncio.run: that would wait for the threads, which wait for functions that may run for minutes.
        asyncio.new_event_loop().run_until_complete(serve(options.port, options.state, options.save_every))
    except BaseException:  # noqa: BLE001 - the report in the log is all that the starter will see of it
        traceback.print_exc()
        failed = 1
    end_functions()
    shutil.rmtree(options.temporary, ignore_errors=True)
    sys.stderr.flush()
    os._exit(failed)


if __name__ == "__main__":
    main()
