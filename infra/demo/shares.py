"""Published figures of the Polish national map, and what is assumed where none are published.

Published: 743,000 reports of speeding, 589,000 of parking and 147,000 of road infrastructure among 2.5 million of six
years; the three most frequent categories make up 70 per cent, which leaves 16.7 for drinking; half of all cases are
confirmed, 1.13 of 2.5 million eliminated; up to a tenth are jokes or mistakes; 64 per cent confirmed for parking, 57
for speeding, 38 for drinking. Assumed: the shares of the other categories, and the parts of the day.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from chalicelib.domain.calendar import Part


class Habit(NamedTuple):
    """How often a category is reported (per mille), how often confirmed (per cent), and when it happens.

    `parts` are weights of morning, afternoon, evening, night; `weekend` is a Saturday's weight against a weekday's.
    """

    share: float
    confirmed: int
    parts: tuple[int, int, int, int]
    weekend: float = 1.0


PARTS = tuple(Part)

_DAY = (35, 40, 20, 5)
_NIGHT = (5, 15, 40, 40)
_ALWAYS = (25, 35, 25, 15)

HABITS = MappingProxyType(
    {
        "Przekraczanie dozwolonej prędkości": Habit(297.2, 57, (25, 35, 25, 15), 1.1),
        "Nieprawidłowe parkowanie": Habit(235.6, 64, (40, 40, 15, 5), 0.7),
        "Spożywanie alkoholu w miejscach niedozwolonych": Habit(167.2, 38, (5, 25, 40, 30), 1.8),
        "Niewłaściwa infrastruktura drogowa": Habit(58.8, 60, _DAY),
        "Grupowanie się małoletnich zagrożonych demoralizacją": Habit(40, 25, (3, 27, 50, 20), 1.4),
        "Zła organizacja ruchu drogowego": Habit(36, 45, _DAY),
        "Akty wandalizmu": Habit(28, 45, _NIGHT, 1.4),
        "Używanie środków odurzających": Habit(24, 18, _NIGHT, 1.3),
        "Dzikie wysypiska śmieci": Habit(22, 70, _DAY),
        "Nielegalne rajdy samochodowe": Habit(16, 30, _NIGHT, 2.0),
        "Poruszanie się po terenach leśnych quadami": Habit(13, 35, _DAY, 2.5),
        "Wałęsające się bezpańskie psy": Habit(11, 35, _ALWAYS),
        "Wypalanie traw": Habit(9, 40, _DAY, 1.2),
        "Niszczenie zieleni": Habit(8, 45, _DAY),
        "Osoba bezdomna wymagająca pomocy": Habit(7, 50, _NIGHT),
        "Żebractwo": Habit(6, 30, _DAY, 0.8),
        "Miejsca niebezpieczne na wodach": Habit(5, 45, _DAY, 1.6),
        "Zdarzenia drogowe z udziałem zwierząt leśnych": Habit(4, 55, (30, 10, 30, 30)),
        "Znęcanie się nad zwierzętami": Habit(3, 25, _ALWAYS),
        "Niestrzeżone przejście przez tory": Habit(3, 55, _DAY),
        "Nielegalna wycinka drzew": Habit(2, 40, _DAY),
        "Niestrzeżony przejazd kolejowy": Habit(2, 55, _DAY),
        "Miejsce niebezpiecznej działalności rozrywkowej": Habit(1.2, 20, _NIGHT, 1.5),
        "Kłusownictwo": Habit(1, 25, _NIGHT),
    }
)
"""By the Polish name, which is the same in every version of the catalogue."""

JOKES = 6
"""Per cent of settled cases that are a joke or mistake; 9.6 in the one powiat that published its figure."""

PASSED_ON = 3
STILL_CONFIRMED = 3
"""Per cent of settled cases that were handed to another body, and that stand confirmed and not yet removed."""
