"""The accountant's journal as a file for DATEV, and what keeps it from being one."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.datev import datev_of
from portico.domain.documents.journal import journal as postings
from portico.lib.clock import now
from portico.output.exports.datev import (
    MOST_BOOKINGS,
    Obstacle,
    Period,
    Refused,
    booking,
    datev_file,
    datev_filename,
)
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.statements.journal import JournalForm
from portico.web.shared.download import streamed

# So many numbers are named; more would be no help.
_NAMED = 10


@staff_page
def journal_datev(request: HttpRequest, viewer: StaffViewer) -> HttpResponse | StreamingHttpResponse:
    """Send the file, or say what DATEV can't hold; with `leave_out` the rest is sent."""
    form = JournalForm(request, viewer.business.today())
    if not form.is_valid():
        raise Http404("There is no such journal.")
    start, end = form.cleaned_data["start"], form.cleaned_data["end"]
    settings = datev_of(viewer.business)
    if not settings.is_ready:
        return _refused(request, viewer, [_("Set the consultant and client number first.")])
    if settings.fiscal_year(start) != settings.fiscal_year(end):
        return _refused(request, viewer, [_("DATEV takes the days of one fiscal year: choose a shorter period.")])
    lines: list[list[str]] = []
    refusals: list[Refused] = []
    for posting in postings(viewer, start, end):
        line = booking(posting, settings)
        if isinstance(line, Refused):
            refusals.append(line)
        elif line is not None:
            lines.append(line)
    if len(lines) > MOST_BOOKINGS:
        return _refused(request, viewer, [_("DATEV takes 99,999 bookings at once: choose a shorter period.")])
    if refusals and request.GET.get("leave_out") != "yes":
        return _refused(request, viewer, _sentences(refusals), rest=bool(lines))
    period = Period(start, end, now().astimezone(ZoneInfo(viewer.business.time_zone)))
    return streamed(datev_file(lines, settings, period), datev_filename(period), "text/csv; charset=windows-1252")


def _sentences(refusals: Iterable[Refused]) -> list[str]:
    """Return one sentence for each obstacle, with the numbers it is about."""
    groups: dict[tuple[Obstacle, str], dict[str, None]] = {}
    for row in refusals:
        groups.setdefault((row.obstacle, row.detail), {})[row.number] = None
    return [_sentence(obstacle, detail, list(numbers)) for (obstacle, detail), numbers in groups.items()]


def _sentence(obstacle: Obstacle, detail: str, numbers: list[str]) -> str:
    texts = {
        Obstacle.CURRENCY: _("%(detail)s: DATEV needs its rate in euros, which is not kept here (%(numbers)s)."),
        Obstacle.NO_TAX: _("The tax of these does not add up to what was posted (%(numbers)s)."),
        Obstacle.RATE: _("There is no account for a tax rate of %(detail)s %% (%(numbers)s)."),
        Obstacle.AMOUNT: _("More than DATEV can hold (%(numbers)s)."),
        Obstacle.ACCOUNT: _("%(detail)s is no customer’s account: see datev_account in the metadata (%(numbers)s)."),
    }
    named = ", ".join(numbers[:_NAMED]) + (" …" if len(numbers) > _NAMED else "")
    return texts[obstacle] % {"detail": detail, "numbers": named}


def _refused(request: HttpRequest, viewer: StaffViewer, reasons: list[str], *, rest: bool = False) -> HttpResponse:
    query = request.GET.copy()
    query["leave_out"] = "yes"
    context = {
        "reasons": reasons,
        "settings_url": reverse("datev_settings") if viewer.is_owner else "",
        "rest_url": f"{reverse('journal_datev')}?{query.urlencode()}" if rest else "",
        "journal_url": reverse("journal"),
    }
    return staff_answer(request, viewer, "dashboard/statements/datev.html", context, nav="documents", status=409)
