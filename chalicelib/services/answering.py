"""What a reporter does by receipt: taking a report back, and answering.

Each deed is judged by the table on the case as it was read, and written on that very version. Where the police, or the
same reporter on another device, were faster, it is judged anew on what is there now. What has been done already is
found done: repeating a deed changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import answers
from chalicelib.domain.answers import Answer, Deed
from chalicelib.domain.errors import AlreadyAnswered, Conflict, NoQuestion, TooLate, Unavailable
from chalicelib.domain.instance import Instance
from chalicelib.domain.receipt import Receipt
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, Actor, Reason
from chalicelib.services.casework import STATUS, Casework
from chalicelib.services.receipts import Opened, case_of, opened, standing_of
from chalicelib.store.accept import RETRY_AFTER
from chalicelib.store.history import History
from chalicelib.store.secrets import Keyring

TRIES = 5
"""How often a deed is judged anew because the case has changed."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The use case at one moment."""

    instance: Instance
    keyring: Keyring
    now: datetime

    def withdraw(self, receipt: Receipt) -> Opened:
        """Take a report back that nobody has taken up yet, and return the case after it.

        Raises `NotFound`, `TooLate` where the police have taken it up, and `Unavailable`.
        """

        def deed(case: History) -> None:
            if case.case.status == Status.WITHDRAWN:
                return
            if Deed.WITHDRAW not in self._may(case):
                raise TooLate(case.case.status, self._may(case))
            self._step(case, Status.WITHDRAWN, Reason.TAKEN_BACK)

        return self._do(receipt, deed)

    def answer(self, receipt: Receipt, answer: Answer, text: str | None) -> Opened:
        """Answer, and return the case after it; `text` are the words of an answer in words, cleaned.

        Raises `NotFound`, `NoQuestion` where nobody asks, `AlreadyAnswered` where other words have been given,
        `TooLate` where the days for it are over, and `Unavailable`.
        """
        deeds = {
            Answer.TEXT: lambda case: self._in_words(case, text or ""),
            Answer.GONE: self._gone,
            Answer.STILL_THERE: self._still_there,
        }
        return self._do(receipt, deeds[answer])

    def _do(self, receipt: Receipt, deed: Callable[[History], None]) -> Opened:
        for _ in range(TRIES):
            try:
                deed(case_of(receipt, self.keyring, self.instance, self.now))
            except Conflict:
                continue
            return opened(receipt, self.keyring, self.instance, self.now)
        raise Unavailable(RETRY_AFTER)

    def _in_words(self, case: History, text: str) -> None:
        if Deed.ANSWER in self._may(case):
            self._casework.answer(case.case, Answer.TEXT, text)
            return
        given = [event.text for event in case.events if event.answer == Answer.TEXT]
        if given and given != [text]:
            raise AlreadyAnswered(case.case.status, self._may(case))
        if not given:
            refusal = NoQuestion if case.case.asked is None else TooLate
            raise refusal(case.case.status, self._may(case))

    def _gone(self, case: History) -> None:
        if Deed.GONE in self._may(case):
            self._casework.answer(case.case, Answer.GONE)
        elif not standing_of(case).gone:
            self._refuse(case, Deed.GONE)

    def _still_there(self, case: History) -> None:
        if Deed.STILL_THERE in self._may(case):
            self._step(case, Status.VERIFYING, Reason.STILL_THERE)
        elif not _reopened_by_reporter(case):
            self._refuse(case, Deed.STILL_THERE)

    def _refuse(self, case: History, deed: Deed) -> None:
        ends = answers.until(deed, standing_of(case), self.instance.zone)
        refusal = TooLate if ends is not None and self.now >= ends else NoQuestion
        raise refusal(case.case.status, self._may(case))

    def _may(self, case: History) -> tuple[Deed, ...]:
        return answers.may(standing_of(case), self.now, self.instance.zone)

    def _step(self, case: History, to: Status, reason: Reason) -> None:
        self._casework.take_step(case.case.id, to, reason, Actor.REPORTER, case.case.version)

    @property
    def _casework(self) -> Casework:
        return Casework(self.instance, self.now)


def _reopened_by_reporter(case: History) -> bool:
    """Tell whether an open case is open because its reporter has said that the threat is still there."""
    if Status(case.case.status) not in OPEN:
        return False
    closed = [event.from_status is not None and Status(event.from_status) not in OPEN for event in case.events]
    openings = [event for event, was in zip(case.events, closed, strict=True) if was and event.type == STATUS]
    return bool(openings) and openings[-1].reason == Reason.STILL_THERE
