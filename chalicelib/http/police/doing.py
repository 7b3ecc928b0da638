"""What every deed of an officer has in common: the door, the audit, and a key under which it can be sent again."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import TypeVar

from pynamodb.transactions import TransactWrite

from chalicelib.container import Container
from chalicelib.domain.errors import Conflict, Invalid, NotFound, Stale
from chalicelib.domain.roles import Deed
from chalicelib.http.body import Body, read
from chalicelib.http.call import Call
from chalicelib.http.filing import KEY_HEADER
from chalicelib.http.police.case import case_reply
from chalicelib.http.police.guard import officer
from chalicelib.http.police.lines import unit_name
from chalicelib.http.reply import Reply
from chalicelib.services.casebook import Casebook
from chalicelib.store import audit, step
from chalicelib.store.accept import Also
from chalicelib.store.audit import Noted

B = TypeVar("B", bound=Body)
C = TypeVar("C", bound=Casebook)

_REFUSED = (Conflict, Invalid, NotFound, Stale)
"""How a deed ends that has been done before: the case is not any more as it was."""


class Doing:
    """One request of an officer: who asks, for what, and under which key."""

    def __init__(self, call: Call, box: Container, deed: Deed) -> None:
        self.call, self.box, self.deed = call, box, deed
        self.who = officer(call, box, deed)
        self.now = box.clock()
        self._key: str | None = None
        self._is_noted = False

    def body(self, model: type[B]) -> B:
        """Read the body, and take the request's key together with it."""
        given = self.call.json_body()
        if KEY_HEADER.lower() in self.call.headers:
            sent = self.call.uuid_header(KEY_HEADER)
            self._key = fingerprint(self.who.subject, self.call, given, str(sent))
        return read(model, given)

    def casebook(self, kind: type[C], *reports: str) -> C:
        """Return the cases for this officer: only those in sight, each deed with its audit in the same transaction."""
        units = self.box.units
        return kind(
            self.box.instance,
            self.now,
            also=self._audited(reports),
            key=self._key,
            sees=lambda unit: self.who.sees(unit, units),
        )

    def done(self, deed: Callable[[], object], *reports: str) -> None:
        """Do it, unless it has been done: the same officer sent the same under the same key, and it was written."""
        try:
            deed()
        except _REFUSED:
            if self._key is None or not all(step.is_done(report_id, self._key) for report_id in reports):
                raise
        else:
            # Written together with its entry in the audit; a repetition has written none.
            self._is_noted = True

    def reply(self, report_id: str) -> Reply:
        """Return the whole case as it stands now, or, where it has left the officer's sight, where it went."""
        try:
            return case_reply(report_id, self.who, self.call, self.box, is_noted=self._is_noted)
        except NotFound:
            found = Casebook.after(report_id)
            gone = {
                "id": found.id,
                "version": found.version,
                "status": found.status,
                "unit": unit_name(self.box.units[found.unit]),
            }
            return Reply(gone)

    def _audited(self, reports: tuple[str, ...]) -> Also:
        who = self.who
        return noted(
            [
                Noted(self.now, who.subject, who.role.value, who.unit, self.deed.value, report_id)
                for report_id in reports
            ],
            self.box,
        )


def noted(entries: Iterable[Noted], box: Container) -> Also:
    """Return the write of entries of the audit, to join a deed's transaction."""
    # Made once: a transaction that is tried again under its token has to be the same to the letter.
    items = [audit.item(entry, box.instance.zone) for entry in entries]

    def join(transaction: TransactWrite) -> None:
        for item in items:
            transaction.save(item)

    return join


def fingerprint(subject: str, call: Call, body: bytes, key: str) -> str:
    """Return the hash by which a deed is known again: of the officer, the address, what was said, and the key.

    The same key with another body is another deed.
    """
    said = json.dumps([subject, call.route, sorted(call.path.items()), body.decode(errors="replace"), key])
    return hashlib.sha256(said.encode()).hexdigest()[:32]
