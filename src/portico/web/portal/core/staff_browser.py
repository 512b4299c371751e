"""Whether a visitor of the portal is one of the business's own staff, who look at what customers see."""

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from portico.domain.access.queries import memberships_of
from portico.domain.businesses.models import Business, User


def is_staff_browser(request: HttpRequest, business: Business) -> bool:
    """Tell whether the browser is signed in to the business's dashboard.

    It can be told where the portal answers on the dashboard's host: a browser shows its cookie to no other.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return False
    staff = HttpRequest()
    staff.session = SessionStore(key)
    user = get_user(staff)
    return isinstance(user, User) and memberships_of(user).filter(business=business).exists()
