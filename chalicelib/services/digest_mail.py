"""The mail of one subscriber, from the changes that concern them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.domain.instance import Instance
from chalicelib.domain.subscription import MOST_LINES, Change, Choice
from chalicelib.domain.subscription_token import Link, TokenKey, mint
from chalicelib.notify.citizen import CitizenMail, Words
from chalicelib.notify.citizen_digest import Line, render
from chalicelib.services.citizen_mail import Post, area_name
from chalicelib.services.place_names import PlaceNames
from chalicelib.store import keys
from chalicelib.store.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class DigestMail:
    """Words the mails of a run; the name of each place is looked up once."""

    post: Post
    key: TokenKey
    instance: Instance
    names: PlaceNames
    _places: dict[str, str | None] = field(default_factory=dict)

    def render(self, known: Subscription, choice: Choice, told: Sequence[tuple[Change, bool, str]]) -> CitizenMail:
        """Return the mail of what is to be told, in its order: change, whether it is new, day of its last event."""
        language = choice.language if choice.language in self.instance.languages else self.instance.default_language
        words = Words.of(language, self.instance.zone)
        lines = [self._line(language, *row) for row in told[:MOST_LINES]]
        token = mint(self.key, Link(known.id, keys.moment(known.agreed or "")))
        where = area_name(choice.area, self.instance, self.names, words)
        return render(words, where, lines, len(told), self.post.links(token), self.instance.emergency)

    def _line(self, language: str, change: Change, is_new: bool, day: str) -> Line:  # noqa: FBT001 - a row's member
        name = self.instance.catalogue.categories[change.category].names[language]
        return Line(change.report, name, self._place(change), is_new, change.status, change.reason, day)

    def _place(self, change: Change) -> str | None:
        if change.report not in self._places:
            self._places[change.report] = self.names.place(change.lat, change.lon)
        return self._places[change.report]
