"""The attempts to collect money through providers: those that may still collect, and those that did not."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portico.domain.access.viewer import StaffViewer
from portico.domain.payments.models import PaymentAttempt
from portico.domain.payments.queries import attempts as attempts_of
from portico.lib.l10n import Formatter
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.listing import ListState, paginate
from portico.web.dashboard.payments.labels import attempt_tag
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class AttemptRow:
    moment: str
    customer: str
    customer_url: str
    invoices: str
    how: str
    tag: Tag
    why: str
    amount: str
    payment: str
    payment_url: str


@staff_page
def payment_attempts(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the attempts, the newest first."""
    fmt, base = reader_formatter(), reverse("payment_attempts")
    rows = attempts_of(viewer).prefetch_related("shares__document").order_by("-id")
    shown, pages, total = paginate(request, rows, fmt, ListState(base, {}))
    context = {
        "rows": [_row(attempt, viewer, fmt) for attempt in shown],
        "pages": pages,
        "total": total,
    }
    return staff_answer(request, viewer, "dashboard/payments/attempts.html", context, nav="payments")


def _row(attempt: PaymentAttempt, viewer: StaffViewer, fmt: Formatter) -> AttemptRow:
    payment = attempt.payment
    saved = str(attempt.saved_method) if attempt.saved_method else ""
    numbers = dict.fromkeys(share.document.number for share in attempt.shares.all())
    return AttemptRow(
        moment=fmt.moment(attempt.created_at, viewer.business.time_zone),
        customer=attempt.customer.name,
        customer_url=reverse("customer", args=[attempt.customer.public_id]),
        invoices=", ".join(numbers),
        how=" · ".join(filter(None, [method_label(attempt.method), saved])),
        tag=attempt_tag(attempt.state),
        why=attempt.failure_message,
        amount=fmt.money(attempt.charged, attempt.currency),
        payment=payment.number if payment else "",
        payment_url=reverse("payment", args=[payment.public_id]) if payment else "",
    )
