"""Views of somebody who wants mails from the map, or no more of them."""

from typing import cast

from chalicelib.container import Container
from chalicelib.domain.network import Kind
from chalicelib.domain.subscription import PENDING_DAYS, Choice, public
from chalicelib.http import subscription_shapes as shapes
from chalicelib.http.body import read
from chalicelib.http.call import Call
from chalicelib.http.common import callers_network
from chalicelib.http.reply import Reply
from chalicelib.http.subscription_body import Known, SubscriptionBody
from chalicelib.services.subscriptions import Subscribing


def subscribe(call: Call, box: Container) -> Reply:
    """Ask an address to confirm: 202 whatever is known of it, so that nobody learns whether it is."""
    body = read(SubscriptionBody, call.json_body(), Known(box.instance, lambda: box.places))
    subscribing = _subscribing(box)
    network = callers_network(call, box, subscribing.now)
    subscribing.ask(body.address(), body.choice(), lambda: network.spend(Kind.SUBSCRIPTION))
    answer: shapes.SubscriptionAsked = {"confirm_within_days": PENDING_DAYS}
    return Reply(answer, 202)


def confirm(call: Call, box: Container) -> Reply:
    """Put in force what a letter asked to confirm; the same again changes nothing."""
    return Reply(_body(_subscribing(box).agree(call.path["token"])))


def unsubscribe(call: Call, box: Container) -> Reply:
    """Delete the subscription: one request, no cookie, no question, whatever its body says (RFC 8058)."""
    _subscribing(box).leave(call.path["token"])
    answer: shapes.Unsubscribed = {"unsubscribed": True}
    return Reply(answer)


def leave(call: Call, box: Container) -> Reply:
    """Delete the subscription."""
    return unsubscribe(call, box)


def _subscribing(box: Container) -> Subscribing:
    return Subscribing(box.instance, box.secrets.keyring.subscriptions, box.clock())


def _body(choice: Choice) -> shapes.Subscription:
    return cast("shapes.Subscription", dict(public(choice)))
