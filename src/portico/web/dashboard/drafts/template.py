"""What a form is filled with before anybody types: nothing, another document, an invoice to be credited, a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.document_input import DocumentInput, preceding_reference
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.documents.queries import lines as lines_of
from portico.domain.documents.written import input_of
from portico.output.wording.kinds import kind_label
from portico.web.dashboard.drafts.document_form import due_by_terms, empty_input


@dataclass(frozen=True, slots=True)
class Template:
    """What a form begins with. `draft` is the one that is changed, `credited` the invoice a credit note is for."""

    base: DocumentInput
    customer: Customer
    draft: Document | None = None
    copied: Document | None = None
    credited: Document | None = None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form carries along, so that sending it begins with the same."""
        if self.draft:
            return [("customer", self.customer.public_id)]
        if self.credited:
            return [("credit", self.credited.public_id)]
        kept = [("kind", str(self.base.kind)), ("customer", self.customer.public_id)]
        return [*kept, ("copy", self.copied.public_id)] if self.copied else kept

    @property
    def action(self) -> str:
        """Where the form is sent."""
        return reverse("edit_draft", args=[self.draft.public_id]) if self.draft else reverse("new_draft")

    @property
    def back_url(self) -> str:
        """Where somebody goes who leaves the form."""
        came_from = self.draft or self.copied or self.credited
        if came_from:
            return reverse("document", args=[came_from.public_id])
        return reverse("customer_documents", args=[self.customer.public_id]) + f"?kind={self.base.kind}"

    def heading(self) -> str:
        """Return what the page is called."""
        kind = kind_label(self.base.kind)
        if self.credited:
            return _("Credit note for %(number)s") % {"number": self.credited.number}
        return (_("Change draft: %(kind)s") if self.draft else _("New: %(kind)s")) % {"kind": kind}


def of_draft(draft: Document, customer: Customer) -> Template:
    """Return the template of a draft that is changed, for this customer."""
    return Template(input_of(draft, lines_of(draft)), customer, draft=draft)


def template_of(viewer: StaffViewer, asked: Mapping[str, str]) -> Template | None:
    """Return the template that an address or a form asks for; None while its customer is to be chosen."""
    if asked.get("credit"):
        return _credit(viewer, document_of(viewer, asked["credit"], Kind.INVOICE))
    copied = document_of(viewer, asked["copy"], *Kind) if asked.get("copy") else None
    name = asked.get("customer") or (copied.customer.public_id if copied and not asked.get("choose") else "")
    if not name or asked.get("choose"):
        return None
    customer = customer_of(viewer, name)
    if copied is None:
        kind = Kind(asked["kind"]) if asked.get("kind") in Kind.values else Kind.INVOICE
        return Template(empty_input(kind, customer, viewer.business.today()), customer)
    return _copy(viewer, copied, customer)


def _copy(viewer: StaffViewer, copied: Document, customer: Customer) -> Template:
    """A document of today with the same contents: neither its number nor its days."""
    today = viewer.business.today()
    before = input_of(copied, lines_of(copied))
    due_on = due_by_terms(customer, today)
    if due_on is None and before.due_on:
        due_on = today + (before.due_on - before.issued_on)
    expires_on = today + (before.expires_on - before.issued_on) if before.expires_on else None
    base = replace(
        before,
        issued_on=today,
        due_on=due_on if copied.sign > 0 else None,
        expires_on=expires_on,
        number="",
        external_id="",
        references=(),
        delivered_on=None,
        draft=True,
        source="dashboard",
    )
    return Template(base, customer, copied=copied)


def _credit(viewer: StaffViewer, invoice: Document) -> Template:
    before = input_of(invoice, lines_of(invoice))
    base = replace(
        before,
        kind=Kind.CREDIT_NOTE,
        issued_on=viewer.business.today(),
        due_on=None,
        expires_on=None,
        number="",
        external_id="",
        notes="",
        note_list=(),
        terms="",
        references=(preceding_reference(invoice), *before.references),
        disabled_methods=(),
        deposit=None,
        draft=True,
        source="dashboard",
    )
    return Template(base, invoice.customer, credited=invoice)
