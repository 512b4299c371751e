"""The second factors of staff: noted in the history when they change, and taken away by an operator."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.db import transaction

from portico.domain.access.staff.queries import passkeys, second_factors
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.staff import end_sessions_of
from portico.domain.businesses.models import Business, User
from portico.lib.errors import Conflict

MOST_PASSKEYS = 10


class TooManyPasskeys(Conflict):
    """Somebody has as many passkeys as there may be."""

    code = "too_many_passkeys"


@transaction.atomic
def change_second_factor[T](user: User, what: str, change: Callable[[], T], *, by: Actor) -> T:
    """Run allauth's `change` of somebody's second factors and note it, both or neither; returns what it returns.

    Who has none left is signed out everywhere. Raises TooManyPasskeys.
    """
    # Of two requests at once the second counts what the first has added.
    locked = User.objects.select_for_update().get(pk=user.pk)
    if what == "webauthn_added" and passkeys(user).count() >= MOST_PASSKEYS:
        raise TooManyPasskeys("Nobody has more than ten passkeys.")
    done = change()
    if not second_factors(user).exists():
        end_sessions_of(locked)
    _note(user, what, by=by)
    return done


@transaction.atomic
def reset_second_factor(user: User, *, by: Actor) -> int:
    """Take all second factors away from somebody who lost them, and sign them out; returns how many there were."""
    user = User.objects.select_for_update().get(pk=user.pk)
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    if removed:
        end_sessions_of(user)
        _note(user, "reset", by=by)
    return removed


def _note(user: User, what: str, *, by: Actor) -> None:
    """Note at every business somebody works for what was changed of their second factors; they are told by mail.

    `what` is a word such as totp_activated, webauthn_removed or reset.
    """
    data = {"user": user.public_id, "email": user.email, "what": what}
    for number, business in enumerate(Business.objects.filter(memberships__user=user).order_by("id")):
        # One mail, however many businesses.
        record(Event.STAFF_SECOND_FACTOR_CHANGED, business, by=by, data=data, announce=number == 0)
