"""What a visitor reads when a form can't be trusted."""

from django.http import HttpRequest, HttpResponseForbidden
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseForbidden:
    """Answer a form whose token is missing or old."""
    text = _("This form is no longer valid. Go back, reload the page and try again.")
    return HttpResponseForbidden(text, content_type="text/plain; charset=utf-8")
