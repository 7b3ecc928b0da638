"""The items of subscriptions: the address with what it asked for, and the letters that ask for its confirmation."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.store.models import MainItem, handed_on, optional_text


class SubscriptionItem(MainItem, discriminator="subscription"):
    """One address: what it has agreed to, what it is asked to agree to, and the last day it was told of.

    `choice` and `wanted` are documents of `domain.subscription`; `asked` and `agreed` are the moments of the letters
    that asked for the one and for the other. An address that never agreed has no `choice`.
    """

    id = UnicodeAttribute()
    email = UnicodeAttribute()
    choice = optional_text()
    agreed = optional_text()
    wanted = optional_text()
    asked = optional_text()
    mailed = optional_text()
    """Local day of the last letter: there is one a day at most."""
    told = optional_text()
    """The last local day of which a mail may have told: nothing up to it is ever told again."""
    stopped = optional_text()
    """Why the address gets no more mail: a code of the mail service. A new confirmation takes it away."""


class LetterItem(MainItem, discriminator="letter"):
    """A letter that waits for delivery. It holds no address: nobody is written to who has left."""

    id = UnicodeAttribute()
    at = UnicodeAttribute()
    attempts = NumberAttribute(default=0)
    lease_until = optional_text()
    last_error = optional_text()
    trace = handed_on()
