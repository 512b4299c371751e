"""The form of the pay page: amounts, credits, the way to pay with its own fields, and where the receipt goes."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document
from portico.domain.payments.actions.plan_checkout import Checkout, Part, Plan, plan_of
from portico.domain.payments.autopay import autopay_of
from portico.domain.payments.minimums import least_advance, least_of
from portico.domain.payments.models import PaymentAttempt
from portico.domain.payments.offered import Offer
from portico.domain.payments.queries import Credit, latest_attempt
from portico.lib.money import to_major
from portico.web.portal.core.method_forms import method_form
from portico.web.portal.core.method_forms.method_form import MethodForm
from portico.web.portal.pay.labels import offer_label
from portico.web.portal.pay.selection import Selection
from portico.web.shared.edit_form import EmailField
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter


class PayForm(forms.Form):
    """A selection's amounts and how they are paid. `typed` is what was sent, `initial` what is filled in otherwise.

    `amounts` are what stands at invoices in minor units, where it is not all that is open. After `is_valid` the
    properties say what was chosen; before, what stands in the page as it is opened.
    """

    def __init__(
        self,
        viewer: CustomerViewer,
        selection: Selection,
        offers: list[Offer],
        credits: list[Credit],
        typed: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
        amounts: Mapping[UUID, int] | None = None,
    ) -> None:
        super().__init__(typed, initial=dict(initial or {}), auto_id="pay_%s")
        self.sent = typed
        self.viewer, self.selection, self.credits = viewer, selection, credits
        self.amounts = {
            row.pk: min((amounts or {}).get(row.pk, row.open_amount), row.open_amount) for row in selection.invoices
        }
        self.offers = {offer.value: offer for offer in offers}
        self.ways: dict[str, MethodForm] = {value: method_form(offer) for value, offer in self.offers.items()}
        self.fields["submission"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
        self.fields["due"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.fields["total"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self._add_amounts()
        if credits:
            choices = [(credit.item.ref.public_id, credit.item.number) for credit in credits]
            self.fields["credit"] = forms.MultipleChoiceField(label=_("Credits"), choices=choices, required=False)
        self._add_ways()
        self.fields["receipt_email"] = EmailField(
            label=_("E-mail for the receipt"),
            max_length=254,
            required=False,
            widget=forms.EmailInput({"class": "po-input", "dir": "ltr", "autocomplete": "email"}),
            error_messages={"invalid": _("This is not an e-mail address, such as name@example.com.")},
        )

    @property
    def may_change(self) -> bool:
        """Whether amounts can be typed: an advance's always, an invoice's when the business takes part payments.

        One with a payment plan is paid in parts in any case, a deposit never.
        """
        if self.selection.estimate is not None:
            return False
        planned = any(row.instalment_due_on for row in self.selection.invoices)
        return self.selection.advance or self.viewer.business.allow_partial_payments or planned

    def _add_amounts(self) -> None:
        currency = self.selection.currency
        said = {"required": _("Enter the amount to pay.")}
        if self.selection.advance:
            self.fields["amount"] = MoneyField(currency, label=_("Amount"), error_messages=said)
        elif self.may_change:
            for invoice in self.selection.invoices:
                name = self.amount_name(invoice.public_id)
                label = _("Amount for %(number)s") % {"number": invoice.number}
                self.fields[name] = MoneyField(currency, label=label, error_messages=said)
                self.initial[name] = to_major(self.amounts[invoice.pk], currency)
        for name in self.fields:
            if name.startswith("amount"):
                # The total follows what is typed; htmx asks for it.
                asks = {"hx-post": self.selection.url(), "hx-trigger": "input changed delay:300ms"}
                self.fields[name].widget.attrs.update(asks)

    def amount_name(self, key: str) -> str:
        """Return the name of an invoice's amount: plain `amount` where there is one alone."""
        return "amount" if len(self.selection.invoices) == 1 else f"amount_{key}"

    def _add_ways(self) -> None:
        if not self.offers:
            return
        first = next(iter(self.offers))
        self.initial.setdefault("method", first)
        said = {"required": _("Choose how to pay."), "invalid_choice": _("Choose how to pay.")}
        choices = [(value, offer_label(offer)) for value, offer in self.offers.items()]
        self.fields["method"] = forms.ChoiceField(label=_("How to pay"), choices=choices, error_messages=said)
        chosen = self.chosen_value
        for value, way in self.ways.items():
            for name, field in way.fields().items():
                # What belongs to another way to pay is not asked for.
                field.required = field.required and value == chosen
                self.fields[name] = field
        if self.viewer.has_account and any(offer.saves for offer in self.offers.values()):
            self.fields["save_method"] = forms.BooleanField(
                label=_("Save for next time"), required=False, widget=forms.CheckboxInput({"class": "po-check"})
            )

        if self.may_enrol:
            self.fields["enrol_autopay"] = forms.BooleanField(
                label=_("Pay automatically from now on (AutoPay)"),
                help_text=_("This way to pay is kept, and charged for each invoice, those that are open now too."),
                required=False,
                widget=forms.CheckboxInput({"class": "po-check"}),
            )

    @property
    def may_enrol(self) -> bool:
        """Whether AutoPay is offered to who pays here, and not on yet."""
        business = self.viewer.business
        offered = any(offer.can_be_charged_again for offer in self.offers.values())
        return business.allow_autopay and self.viewer.has_account and offered and not autopay_of(self.viewer.customer)

    @property
    def chosen_value(self) -> str:
        """The way to pay that is chosen in the page as it stands; the first where none is."""
        value = str(self.data.get("method") or "") if self.is_bound else str(self.initial.get("method") or "")
        return value if value in self.offers else next(iter(self.offers), "")

    @property
    def chosen(self) -> Offer | None:
        """The offer that is chosen, where any is made."""
        return self.offers.get(self.chosen_value)

    def clean(self) -> dict[str, Any]:
        """Check amounts by the business's rules, and that the page showed what is still so."""
        cleaned = super().clean() or {}
        self._check_amounts(cleaned)
        checkout = self.checkout
        plan = plan_of(checkout)
        if self._parts_are_known(cleaned) and plan.money == 0 and plan.total > 0:
            # Credits cover everything: nobody asks for a card.
            for name in [*self._way_fields(), "method"]:
                self.errors.pop(name, None)
        elif not self.offers and "amount" not in self.errors:
            self.add_error(None, _("Nothing can be paid here at the moment."))
        self._check_shown(cleaned, plan)
        self._check_limits(plan)
        if cleaned.get("save_method") and not self.viewer.is_fresh:
            self.add_error("save_method", _("Confirm that it is you first, or pay without saving it."))
        if cleaned.get("enrol_autopay"):
            if not self.viewer.is_fresh:
                self.add_error("enrol_autopay", _("Confirm that it is you first, or pay without AutoPay."))
            elif self.chosen and not self.chosen.can_be_charged_again:
                self.add_error("enrol_autopay", _("AutoPay can’t charge this way to pay. Choose another one."))
        return cleaned

    def _parts_are_known(self, cleaned: Mapping[str, Any]) -> bool:
        return all(name in cleaned for name in self.fields if name.startswith("amount"))

    def _check_amounts(self, cleaned: Mapping[str, Any]) -> None:
        fmt, business, currency = reader_formatter(), self.viewer.business, self.selection.currency
        too_little = _("The least that can be paid is %(amount)s.")
        if self.selection.advance:
            least = least_advance(business, currency)
            if (cleaned.get("amount") or least) < least:
                self.add_error("amount", too_little % {"amount": fmt.money(least, currency)})
            return
        for invoice in self.selection.invoices:
            name, least = self.amount_name(invoice.public_id), least_of(business, invoice)
            amount = cleaned.get(name)
            if amount is None:
                continue
            if amount < least:
                self.add_error(name, too_little % {"amount": fmt.money(least, currency)})
            elif amount > invoice.open_amount:
                most = fmt.money(invoice.open_amount, currency)
                self.add_error(name, _("Only %(amount)s is open.") % {"amount": most})

    def _check_shown(self, cleaned: Mapping[str, Any], plan: Plan) -> None:
        """Refuse what was decided over other figures than those of now."""
        due, total = cleaned.get("due"), cleaned.get("total")
        if due is not None and due != self.selection.due:
            self.add_error(None, _("What is open has changed since you opened this page. Please look at it again."))
        elif total is not None and not self.typed_amounts and self.charged(plan) > total:
            amount = reader_formatter().money(self.charged(plan), self.selection.currency)
            self.add_error(None, _("This way, the total is %(amount)s. Please confirm it.") % {"amount": amount})

    def _check_limits(self, plan: Plan) -> None:
        offer, currency = self.chosen, self.selection.currency
        if offer is None or plan.money <= 0 or "method" not in self.cleaned_data:
            return
        fmt = reader_formatter()
        if offer.minimum and plan.money < offer.minimum:
            least = fmt.money(offer.minimum, currency)
            self.add_error("method", _("This way takes payments from %(amount)s.") % {"amount": least})
        elif offer.maximum and plan.money > offer.maximum:
            most = fmt.money(offer.maximum, currency)
            self.add_error("method", _("This way takes payments up to %(amount)s.") % {"amount": most})

    @property
    def typed_amounts(self) -> bool:
        """Whether an amount was typed that is not all that is open."""
        if self.selection.estimate is not None:
            return False
        return self.selection.advance or any(part.amount != part.invoice.open_amount for part in self.checkout.parts)

    def charged(self, plan: Plan) -> int:
        """Return what is collected for a plan by the way to pay that is chosen, its fee included."""
        return plan.money + (self.chosen.fee_on(plan.money) if self.chosen else 0)

    @property
    def checkout(self) -> Checkout:
        """What is chosen; an amount that can't be read counts as what is open."""
        cleaned: Mapping[str, Any] = self.cleaned_data if self.is_bound else {}
        chosen = cleaned.get("credit", self.initial.get("credit", []))
        used = [credit for credit in self.credits if credit.item.ref.public_id in chosen]
        if self.selection.advance:
            return Checkout(self.selection.currency, advance=cleaned.get("amount") or 0)
        if self.selection.estimate is not None:
            return Checkout(
                self.selection.currency, [Part(self.selection.estimate, self.selection.deposit)], deposit=True
            )
        parts = [Part(row, self._amount_of(cleaned, row)) for row in self.selection.invoices]
        return Checkout(self.selection.currency, parts, used)

    def _amount_of(self, cleaned: Mapping[str, Any], invoice: Document) -> int:
        if not self.may_change:
            return invoice.open_amount
        amount = cleaned.get(self.amount_name(invoice.public_id))
        return self.amounts[invoice.pk] if amount is None else int(amount)

    def _way_fields(self) -> list[str]:
        return [name for way in self.ways.values() for name in way.fields()]

    @property
    def details(self) -> dict[str, str]:
        """What the chosen gateway is to charge; call it on a valid form."""
        return self.ways[self.chosen_value].details(self.cleaned_data) if self.chosen else {}

    def with_amount_errors_only(self) -> "PayForm":
        """Return this form without what is wrong elsewhere than at amounts: nobody has asked to pay yet."""
        for name in [name for name in self.errors if not name.startswith("amount")]:
            del self.errors[name]
        return self

    def shown_again(self) -> "PayForm":
        """Return this form as it may be written into a page again: without card numbers."""
        kept = (self.sent or QueryDict()).copy()
        for name in {name for way in self.ways.values() for name in way.secret_fields}:
            kept.pop(name, None)
        self.data = kept
        return self


def submission_of(viewer: CustomerViewer, selection: Selection) -> str:
    """Name the form for a selection as things stand: two tabs, or the same page opened again, send the same name.

    It changes with every attempt to pay one of the invoices, so that what is paid once is never paid by an old page.
    """
    keys = sorted(row.pk for row in selection.parts)
    latest: PaymentAttempt | None = latest_attempt(viewer, keys)
    stands = [viewer.customer.public_id, selection.currency, *map(str, keys), latest.public_id if latest else ""]
    return "portal:" + sha256("\n".join(stands).encode()).hexdigest()
