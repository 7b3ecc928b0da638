"""How whoever files is told that the same may have been reported before."""

from chalicelib.domain.errors import PossibleDuplicate
from chalicelib.http.public import candidate_body
from chalicelib.services.case import NewCase
from chalicelib.services.duplicates import Duplicates, Repeated


def acknowledged(duplicates: Duplicates, case: NewCase) -> tuple[str, ...]:
    """Return the cases nearby that a new one does not repeat; raises `PossibleDuplicate` for one that it may."""
    try:
        return duplicates.acknowledged(case.draft, case.category)
    except Repeated as repeated:
        raise PossibleDuplicate([candidate_body(similar) for similar in repeated.similar]) from None
