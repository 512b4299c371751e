"""The staff member's password, asked for when a change runs a script on the portal's pages."""

from datetime import timedelta

from django.utils.translation import gettext as _

from portico.domain.access.programs.actions import rate_limit
from portico.domain.access.viewer import StaffViewer

_TRIES = rate_limit.Limit("passwords for the script", 10, timedelta(minutes=5))


def password_refusal(viewer: StaffViewer, password: str) -> str:
    """Say why this is not the member of staff at the keyboard; empty when it is. Wrong ones are counted."""
    if not password:
        return _("Please fill this in.")
    if not rate_limit.hit(_TRIES, str(viewer.user.pk)):
        return _("Too many tries. Please wait five minutes.")
    return "" if viewer.user.check_password(password) else _("This is not your password.")
