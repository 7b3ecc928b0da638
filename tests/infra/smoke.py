"""Runs inside a clean interpreter (-I -S): imports a handler from the unpacked zip alone and fires one event at it.

Arguments: the folders to import from, joined by colons; the handler; the event. Prints one JSON object: the answer or
the exception, and the files outside the folders and the standard library that were imported.
"""

import importlib
import json
import sys
import sysconfig


class Context:
    """As much of Lambda's context as Chalice reads."""

    function_name = memory_limit_in_mb = aws_request_id = "smoke"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def main() -> None:
    folders, handler, event = sys.argv[1:]
    roots = folders.split(":")
    sys.path[:0] = roots
    module, _, name = handler.rpartition(".")
    function = getattr(importlib.import_module(module), name)
    try:
        outcome = {"answer": function(json.loads(event), Context())}
    except Exception as error:  # noqa: BLE001  Whatever it is, the test judges it.
        outcome = {"raised": [kind.__name__ for kind in type(error).__mro__], "text": str(error)}
    own = (*roots, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
    files = {getattr(loaded, "__file__", None) or own[0] for loaded in list(sys.modules.values())}
    outcome["foreign"] = sorted(file for file in files if not file.startswith(own) and file != __file__)
    sys.stdout.write(json.dumps(outcome) + "\n")


main()
