"""What a provider collects of an invoice: by AutoPay and when, right now, or when staff ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.documents.plan_queries import amount_asked
from portico.domain.payments.autopay import LeftAlone, collections, collector, left_alone, row_of
from portico.domain.payments.models import PaymentAttempt, PaymentMethod
from portico.domain.payments.offered import offer_of
from portico.domain.payments.queries import attempts, payment_methods
from portico.lib.clock import local_date
from portico.lib.errors import PorticoError
from portico.lib.l10n import Formatter
from portico.lib.money import to_major
from portico.output.wording.payment_methods import fee_label, saved_label
from portico.web.dashboard.core.refusals import say_at_field
from portico.web.dashboard.core.submission import SubmissionField, new_submission
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter


class CollectForm(forms.Form):
    """How much is collected, and by which of the customer's saved methods. `submission` is made with the empty form.

    `due` is what was open (minor units) when the page was shown: nothing is collected over another figure.
    """

    submission = SubmissionField()
    due = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        viewer: StaffViewer,
        invoice: Document,
        methods: list[PaymentMethod],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        first = {"amount": to_major(amount_asked(invoice), invoice.currency), "submission": new_submission()}
        super().__init__(data, auto_id="collect_%s", initial=first)
        fmt = reader_formatter()
        self.viewer, self.due_now = viewer, invoice.open_amount
        self.methods = {row.public_id: row for row in methods}
        self.fields["method"] = forms.ChoiceField(
            label=_("Payment method"),
            choices=[(name, _method_label(row, invoice.currency, fmt)) for name, row in self.methods.items()],
            widget=forms.Select({"class": "po-input"}),
        )
        self.fields["amount"] = MoneyField(invoice.currency, label=_("Amount"))

    def clean(self) -> dict[str, Any]:
        """Refuse what was decided over another open amount than that of now. A form sent twice changed it itself."""
        cleaned = super().clean() or self.cleaned_data
        sent_before = attempts(self.viewer).filter(submission=cleaned.get("submission", ""))
        if cleaned.get("due") != self.due_now and not sent_before.exists():
            self.add_error("amount", _("The open amount has changed since you opened this page. Please look again."))
        return cleaned

    @property
    def chosen(self) -> PaymentMethod:
        """The method to charge; ask a valid form."""
        return self.methods[self.cleaned_data["method"]]

    def refuse(self, error: PorticoError) -> PorticoError | None:
        """Say a refusal at the field it is about; returns it when it is about none."""
        places = {"/amount": "amount", "/invoices/0/amount": "amount", "/currency": "method", "/method": "method"}
        return say_at_field(self, error, places | {"/payment_method": "method"})


def _method_label(saved: PaymentMethod, currency: str, fmt: Formatter) -> str:
    """Return `Visa •4242 (plus a fee of 1.5 %)`: what is charged on top is said before."""
    fee = fee_label(offer_of(saved, currency), fmt)
    return f"{saved_label(saved)} ({fee})" if fee else saved_label(saved)


@dataclass(frozen=True, slots=True)
class Collecting:
    """What an invoice's page shows: a sentence, empty for none, and the form while something can be collected."""

    message: str
    form: CollectForm | None


def collecting(
    viewer: StaffViewer,
    invoice: Document,
    attempt: PaymentAttempt | None,
    plan: PaymentPlan | None,
    fmt: Formatter,
    sent: CollectForm | None,
) -> Collecting:
    """Return what is collected of an invoice, and the form that collects it now; a form that was sent is kept.

    `attempt` is under way for it, `plan` is its payment plan; None where there is none.
    """
    if not invoice.is_owed:
        return Collecting("", None)
    if attempt is not None:
        money = fmt.money(attempt.charged, attempt.currency)
        return Collecting(_("A payment of %(amount)s is under way.") % {"amount": money}, sent)
    return Collecting(_autopay_message(viewer, invoice, plan, fmt), sent or collect_form(viewer, invoice))


def collect_form(viewer: StaffViewer, invoice: Document, data: Mapping[str, Any] | None = None) -> CollectForm | None:
    """Return the form that collects an invoice; None where nothing is owed or saved to collect it with."""
    today = viewer.business.today()
    rows = payment_methods(viewer, invoice.customer)
    methods = [row for row in rows if row.gateway_account.enabled and not row.expired(today)]
    return CollectForm(viewer, invoice, methods, data) if methods and invoice.is_owed else None


def _autopay_message(viewer: StaffViewer, invoice: Document, plan: PaymentPlan | None, fmt: Formatter) -> str:
    autopay = row_of(invoice.customer)
    for row in collections(collector(autopay, filter(None, [plan])), only=invoice.pk):
        if row.at is None:
            message = ngettext(
                "AutoPay has tried %(n)s time and given up: the customer has to pay.",
                "AutoPay has tried %(n)s times and given up: the customer has to pay.",
                row.failures,
            )
            return message % {"n": fmt.number(row.failures)}
        day = fmt.date(max(viewer.business.today(), local_date(row.at, viewer.business.time_zone)))
        how = saved_label(row.offer.saved) if row.offer.saved else ""
        if row.failures:
            failed = ngettext(
                "AutoPay has failed %(n)s time and tries again on %(date)s, by %(method)s.",
                "AutoPay has failed %(n)s times and tries again on %(date)s, by %(method)s.",
                row.failures,
            )
            return failed % {"n": fmt.number(row.failures), "date": day, "method": how}
        return _("AutoPay collects it on %(date)s, by %(method)s.") % {"date": day, "method": how}
    return _left_alone_message(invoice) if autopay.enrolled_at is not None else ""


def _left_alone_message(invoice: Document) -> str:
    messages = {
        LeftAlone.DISPUTED: _("AutoPay leaves it to the customer, who has disputed a payment of it."),
        LeftAlone.REFUNDED: _("AutoPay leaves it to the customer, as money was refunded of it."),
    }
    return next((messages[why] for _row, why in left_alone(invoice.customer, only=invoice.pk)), "")
