"""How far the mailing of many documents is."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portico.domain.access.viewer import StaffViewer
from portico.output.mail.queries import SWITCHED_OFF, run_progress, skipped_of
from portico.output.mail.queries import mail_run as run_of
from portico.output.wording.kinds import numbered_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.mail_labels import why_not_sent
from portico.web.dashboard.core.refusals import sentence
from portico.web.shared.page import reader_formatter


@staff_page
def mail_run(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show how many of a run's mails are sent, wait, failed or were left out; it asks again until all have ended."""
    found, fmt = run_of(viewer, name), reader_formatter()
    progress = run_progress(found)
    skipped = [
        (
            reverse("document", args=[item.document.public_id]),
            numbered_label(item.document.kind, item.document.number),
            sentence(item.skipped) or item.skipped or why_not_sent(SWITCHED_OFF),
        )
        for item in skipped_of(found)
    ]
    context = {
        "progress": progress,
        "skipped": skipped,
        "started": fmt.moment(found.created_at, viewer.business.time_zone),
        "here": request.path,
    }
    return staff_answer(request, viewer, "dashboard/mail/run.html", context, nav="mail_log", part="progress")
