"""Whether a member of staff has shown a second factor: in this session at all, and lately."""

from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.businesses.models import User
from portico.lib.clock import now

# For how long what reaches every customer asks for no other proof.
FRESH = timedelta(minutes=15)


def with_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session was opened, or confirmed later, with a second factor. Asks no database."""
    return bool(_times(request))


def fresh_second_factor(request: HttpRequest) -> bool:
    """Tell whether a second factor was shown in this session within the last minutes."""
    times = _times(request)
    return bool(times) and now().timestamp() < max(times) + FRESH.total_seconds()


def forget_second_factor(request: HttpRequest) -> None:
    """Let this session count as one without a second factor: the person has none any more."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [row for row in records if row.get("method") != "mfa"]


def confirm_first() -> str:
    """Return what a person reads who changes what runs for every customer without having shown a second factor."""
    return _("Confirm with your second factor first, then save again.")


def confirm_url(next_url: str, *, by_factor: bool = False) -> str:
    """Return the address where one confirms who one is, and goes on to a path of the dashboard.

    With `by_factor` a password is not enough: a person without a second factor is led to set one up.
    """
    params = {"next": next_url} | ({"by": "factor"} if by_factor else {})
    return f"{reverse('confirm_identity')}?{urlencode(params)}"


def _times(request: HttpRequest) -> list[float]:
    user = request.user
    records = get_authentication_records(request, user) if isinstance(user, User) else []
    return [record["at"] for record in records if record.get("method") == "mfa"]
