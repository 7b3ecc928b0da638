"""A write under a condition, and whether the condition held."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec

from pynamodb.exceptions import DeleteError, PutError, UpdateError

from chalicelib.store.failures import code

if TYPE_CHECKING:
    from collections.abc import Callable

_P = ParamSpec("_P")
_REFUSED = "ConditionalCheckFailedException"


def held(write: Callable[_P, object], *args: _P.args, **kwargs: _P.kwargs) -> bool:
    """Save, update or delete one item; false where the store refused it because its condition does not hold.

    Raises:
        PutError, UpdateError, DeleteError: whatever else kept the store from writing.
    """
    try:
        write(*args, **kwargs)
    except (PutError, UpdateError, DeleteError) as error:
        if code(error) != _REFUSED:
            raise
        return False
    return True
