"""Windows of checks in words: those in which somebody has looked, and why another is suggested."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from chalicelib.domain.checks import Suggested, Window
from chalicelib.languages import texts
from chalicelib.notify.words import Words

AREA = "checks"


def named(window: Window, language: str, zone: ZoneInfo) -> str:
    """Return a window as people say it: ``pt. 27 listopada, wieczorem``, with its hours."""
    day, part = window
    words = Words.of(language, zone)
    return texts(AREA, language)["window"].format(day=words.day(day), part=words.parts([part]))


def told(checked: Iterable[Window], language: str, zone: ZoneInfo, *, again: bool) -> list[str]:
    """Return sentences that say when somebody has looked, and that somebody will once more; none where nobody has."""
    windows = "; ".join(named(window, language, zone) for window in checked)
    sentences = [texts(AREA, language)["checked"].format(windows=windows)] if windows else []
    return [*sentences, texts(AREA, language)["again"]] if again else sentences


def why(window: Suggested, language: str) -> str:
    """Return what speaks for a suggested window."""
    return texts(AREA, language)[window.why].format(count=window.count, total=window.total)
