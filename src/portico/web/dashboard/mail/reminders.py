"""What staff read of an invoice's reminders, and stopping them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.actions.stop_reminders import stop_reminders
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.payments.dunning import Quiet, next_reminder, quiet_because
from portico.lib.errors import NotFound
from portico.web.dashboard.core.gate import staff_page
from portico.web.shared.page import reader_formatter


@dataclass(frozen=True, slots=True)
class Reminders:
    """When an invoice is reminded of next, or why it is not; and where that is changed."""

    message: str
    stopped: bool
    url: str


def reminders_of(found: Document) -> Reminders | None:
    """Return what to show of a document's reminders; None for what is never reminded of."""
    if not found.is_owed:
        return None
    today = found.business.today()
    url = reverse("document_reminders", args=[found.public_id])
    if not found.business.mail_reminders:
        return Reminders(_("Reminders are switched off in the settings."), found.reminders_stopped, url)
    quiet = quiet_because(found, today)
    if quiet is not None:
        return Reminders(_reasons()[quiet], found.reminders_stopped, url)
    day = next_reminder(found, found.business.reminder_days, today)
    words = _("The next one goes out on %(day)s.") % {"day": reader_formatter().date(day)} if day else ""
    return Reminders(words or _("All of them have gone out."), found.reminders_stopped, url)


@require_POST
@staff_page
def document_reminders(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Stop an invoice's reminders, or have it reminded of again."""
    found, action = document_of(viewer, name, Kind.INVOICE), request.POST.get("do")
    if action not in ("stop", "resume"):
        raise NotFound("There is no such action.")
    stop_reminders(found, stop=action == "stop", by=viewer.actor)
    done = _("It is reminded of no more.") if action == "stop" else _("It is reminded of again.")
    messages.success(request, done)
    return HttpResponseRedirect(reverse("send_document", args=[found.public_id]))


def _reasons() -> dict[Quiet, str]:
    return {
        Quiet.SETTLED: _("Nothing is open any more."),
        Quiet.NO_DUE_DATE: _("It has no due date, so no reminder goes out."),
        Quiet.STOPPED: _("Reminders of this invoice are stopped."),
        Quiet.CUSTOMER: _("This customer gets no reminders."),
        Quiet.QUESTION: _("No reminder goes out while the customer awaits an answer."),
        Quiet.DISPUTED: _("No reminder goes out while a payment is disputed at a bank."),
        Quiet.PLAN: _("No reminder goes out while there is a payment plan."),
        Quiet.PROMISED: _("No reminder goes out before the day that the customer has promised to pay on."),
        Quiet.UNDER_WAY: _("No reminder goes out while a payment is under way."),
        Quiet.AUTOPAY: _("No reminder goes out before AutoPay has tried to collect it."),
    }
