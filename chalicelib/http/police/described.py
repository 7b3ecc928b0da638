"""The police routes in the interface's description."""

from collections.abc import Mapping

from chalicelib.domain import errors
from chalicelib.http.operation import Operation
from chalicelib.http.police import me

LOGGED_IN = (errors.Unauthorized, errors.Forbidden)
"""What every police route may answer to whoever has not logged in, or not in the role that it takes."""

OPERATIONS: Mapping[str, Operation] = {
    "police.me:me": Operation(
        "Who has logged in, and what the console may show",
        {200: me.Me},
        problems=(errors.Unauthorized,),
        officer=True,
    ),
}
"""What each police view takes and answers."""
