"""Mailing many documents at once: those that were chosen in the list, after a question."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.documents.queries import documents as documents_of
from portico.lib.errors import PorticoError
from portico.lib.ids import parse_public_id
from portico.output.mail.actions.mail_many import MOST_AT_ONCE, start_run
from portico.output.mail.recipients import usual_recipients
from portico.output.wording.kinds import numbered_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message
from portico.web.dashboard.documents.list import chosen_rows
from portico.web.shared.page import reader_formatter

# So many are named in the question; more are only counted.
_NAMED = 50


@require_POST
@staff_page
def mail_documents(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Ask whether the chosen documents are to be mailed, and have them mailed once that is said."""
    back = reverse("documents") + (f"?{request.GET.urlencode()}" if request.GET else "")
    rows = _chosen(request, viewer)[: MOST_AT_ONCE + 1]
    count = rows.count()
    if not count or count > MOST_AT_ONCE:
        words = _("Nothing is selected.") if not count else _("At most %(n)s documents are mailed at once.")
        messages.error(request, words % {"n": reader_formatter().number(MOST_AT_ONCE)})
        return HttpResponseRedirect(back)
    if request.POST.get("confirmed") != "yes":
        named = rows.prefetch_related("customer__contacts")[:_NAMED]
        return _question(request, viewer, list(named), count, back)
    try:
        run = start_run(viewer.business, list(rows), by=viewer.actor)
    except PorticoError as refusal:
        messages.error(request, error_message(refusal))
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(reverse("mail_run", args=[run.public_id]))


def _chosen(request: HttpRequest, viewer: StaffViewer) -> QuerySet[Document]:
    if request.POST.get("all") == "yes":
        return chosen_rows(request, viewer).exclude(lifecycle=Lifecycle.DRAFT)
    names = [name.partition("_") for name in request.POST.getlist("document")]
    kinds = {"inv": "invoice", "est": "estimate", "cn": "credit_note", "so": "sales_order"}
    keys = [parse_public_id("".join(name), kinds[name[0]]) for name in names if name[0] in kinds]
    rows = documents_of(viewer).filter(pk__in=[key for key in keys if key])
    return rows.exclude(lifecycle=Lifecycle.DRAFT).order_by("-issued_on", "-id").select_related("customer")


def _question(request: HttpRequest, viewer: StaffViewer, named: list[Document], count: int, back: str) -> HttpResponse:
    hidden = [("all", "yes")] if request.POST.get("all") == "yes" else []
    if not hidden:
        hidden = [("document", name) for name in request.POST.getlist("document")]
    names = [(numbered_label(row.kind, row.number), _recipient(row)) for row in named]
    if count > _NAMED:
        more = count - _NAMED
        names.append((ngettext("and %(n)s more", "and %(n)s more", more) % {"n": reader_formatter().number(more)}, ""))
    context = {
        "heading": ngettext("E-mail %(n)s document?", "E-mail %(n)s documents?", count)
        % {"n": reader_formatter().number(count)},
        "text": _(
            "Each goes to its customer's main address, or else to the first contact that has one, in the customer's"
            " language, with the words of its kind."
        ),
        "button": _("Send"),
        "names": names,
        "hidden": hidden,
        "action": request.get_full_path(),
        "back": back,
    }
    return staff_answer(request, viewer, "dashboard/confirm.html", context, nav="documents")


def _recipient(document: Document) -> str:
    return next(iter(usual_recipients(document.customer)), "") or _("No e-mail address")
