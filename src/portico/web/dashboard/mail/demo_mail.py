"""`/dev/outbox`: the mail of a demonstration, which goes nowhere. Anywhere else these pages are not there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override

from portico.domain.access.viewer import StaffViewer
from portico.lib.errors import NotFound
from portico.lib.l10n import formatter
from portico.output.mail.demo_mail import DemoMail, read_demo_mail
from portico.output.mail.models import Message
from portico.output.mail.queries import message, messages
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import ListState, paginate
from portico.web.dashboard.core.mail_labels import mail_tag
from portico.web.dashboard.core.mail_policy import MAIL_POLICY
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag

type StaffPage[**P] = Callable[Concatenate[HttpRequest, StaffViewer, P], HttpResponseBase]

_PAGE_POLICY: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


@dataclass(frozen=True, slots=True)
class MailRow:
    url: str
    subject: str
    recipient: str
    when: str
    tag: Tag


def in_a_demonstration[**P](page: StaffPage[P]) -> StaffPage[P]:
    """Make a page that only a demonstration has."""

    @wraps(page)
    def view(request: HttpRequest, viewer: StaffViewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not settings.PORTICO_DEMO:
            raise NotFound("Only a demonstration has an outbox.")
        return page(request, viewer, *args, **kwargs)

    return view


@staff_page
@in_a_demonstration
def demo_mail_list(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """List the business's mail, newest first."""
    fmt = reader_formatter()
    list_state = ListState(reverse("demo_mail_list"), {})
    shown, pages, total = paginate(request, messages(viewer), fmt, list_state)
    rows = [
        MailRow(
            url=reverse("demo_mail_detail", args=[row.public_id]),
            subject=row.subject or _("Not written"),
            recipient=row.recipient,
            when=fmt.moment(row.created_at, viewer.business.time_zone),
            tag=mail_tag(row),
        )
        for row in shown
    ]
    context = {"rows": rows, "pages": pages, "total": total}
    return staff_answer(request, viewer, "dashboard/mail/demo_list.html", context, nav="mail_log", part="results")


@staff_page
@in_a_demonstration
@csp_override(_PAGE_POLICY)
def demo_mail_detail(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a mail: its headers, its text, and its HTML in a frame of its own."""
    found = message(viewer, name)
    context = {
        "mail": _demo_mail(found),
        "tag": mail_tag(found),
        "mail_language": found.language,
        "mail_direction": formatter(found.language).direction,
        "html_url": reverse("demo_mail_html", args=[found.public_id]),
    }
    return staff_answer(request, viewer, "dashboard/mail/demo_detail.html", context, nav="mail_log")


@staff_page
@in_a_demonstration
def demo_mail_html(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Answer with a mail's HTML as it is, where nothing in it can do harm."""
    return HttpResponse(_demo_mail(message(viewer, name)).html, headers={"Content-Security-Policy": MAIL_POLICY})


def _demo_mail(found: Message) -> DemoMail:
    mail = read_demo_mail(found)
    if mail is None:
        raise NotFound("This mail was never written.")
    return mail
