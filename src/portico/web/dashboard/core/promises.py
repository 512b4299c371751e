"""What customers promised to pay, as staff read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.payments.models import PaymentPromise
from portico.lib.l10n import Formatter, apart
from portico.output.wording.methods import method_label


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise: what was said, with its reference and note; `late` when the day has passed without the money."""

    words: str
    details: str
    late: bool
    url: str


def promise_rows(rows: Iterable[PaymentPromise], today: date, fmt: Formatter) -> list[PromiseRow]:
    """Return promises as staff read them."""
    return [
        PromiseRow(
            words=_("The customer promised %(amount)s of %(number)s for %(date)s: %(method)s.")
            % {
                "amount": fmt.money(row.amount, row.document.currency),
                "number": fmt.code(row.document.number),
                "date": fmt.date(row.promised_on),
                "method": method_label(row.method),
            },
            details=" · ".join(apart(text) for text in (row.reference, row.note) if text),
            late=row.promised_on < today,
            url=reverse("document", args=[row.document.public_id]),
        )
        for row in rows
    ]
