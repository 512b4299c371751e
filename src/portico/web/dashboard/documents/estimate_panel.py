"""What staff see beside an estimate: what was decided and on what evidence, its deposit, and what can be done."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Decision, Document, Lifecycle, Status
from portico.domain.documents.queries import decision_of, invoices_of
from portico.domain.payments.deposits import deposit_due, deposits_paid
from portico.lib.l10n import Formatter
from portico.web.dashboard.documents.estimate_forms import ConvertForm, DecisionForm, DepositForm

_TERM = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that were sent and are shown again with what was typed."""

    approve: DecisionForm | None = None
    decline: DecisionForm | None = None
    deposit: DepositForm | None = None
    convert: ConvertForm | None = None

    @property
    def wrong(self) -> bool:
        """Whether something in them is to be corrected."""
        return any(
            form is not None and bool(form.errors) for form in (self.approve, self.decline, self.deposit, self.convert)
        )


@dataclass(frozen=True, slots=True)
class EstimatePanel:
    """An estimate's part of the page."""

    approve: DecisionForm | None = None
    decline: DecisionForm | None = None
    deposit: DepositForm | None = None
    convert: ConvertForm | None = None
    deposit_label: str = ""
    decided: str = ""
    evidence: list[tuple[str, str]] = field(default_factory=list)
    invoice: tuple[str, str] | None = None
    record_url: str = ""


def estimate_panel(viewer: StaffViewer, found: Document, sent: Forms, fmt: Formatter) -> EstimatePanel | None:
    """Return what the page shows of an estimate; None for other documents."""
    if not SPECS[found.kind].can_be_approved:
        return None
    today = viewer.business.today()
    status = found.status(today)
    undecided = status in {Status.ISSUED, Status.VIEWED}
    editable = found.lifecycle in {Lifecycle.DRAFT, Lifecycle.ISSUED, Lifecycle.APPROVED, Lifecycle.DECLINED}
    decision, invoice = decision_of(found), invoices_of(viewer, [found]).get(found.pk)
    due = ConvertForm(initial={"due_on": today + _TERM}, auto_id="convert_%s")
    return EstimatePanel(
        approve=sent.approve or DecisionForm(auto_id="approve_%s") if undecided else None,
        decline=sent.decline or DecisionForm(auto_id="decline_%s") if undecided else None,
        deposit=sent.deposit or DepositForm(found) if editable else None,
        convert=sent.convert or due if status == Status.APPROVED else None,
        deposit_label=_deposit_label(found, fmt),
        decided=_decided(decision, viewer, fmt) if decision else "",
        evidence=_evidence(decision) if decision else [],
        invoice=(invoice.number, reverse("document", args=[invoice.public_id])) if invoice else None,
        record_url=_record_url(found),
    )


def _record_url(found: Document) -> str:
    """Return where a deposit is recorded that came in outside Portico; "" while none is due."""
    if deposit_due(found) == 0:
        return ""
    return f"{reverse('record_payment', args=[found.customer.public_id])}?estimate={found.public_id}"


def _deposit_label(found: Document, fmt: Formatter) -> str:
    if not found.deposit:
        return ""
    values = {
        "paid": fmt.money(deposits_paid([found]).get(found.pk, 0), found.currency),
        "amount": fmt.money(found.deposit, found.currency),
    }
    return _("%(paid)s of %(amount)s paid") % values


def _decided(decision: Decision, viewer: StaffViewer, fmt: Formatter) -> str:
    words = _("Approved by %(name)s") if decision.outcome == Lifecycle.APPROVED else _("Declined by %(name)s")
    return f"{words % {'name': decision.name}} · {fmt.moment(decision.at, viewer.business.time_zone)}"


def _evidence(decision: Decision) -> list[tuple[str, str]]:
    kinds = {"customer": _("The customer"), "staff": _("Staff"), "api": _("A program"), "operator": _("Command line")}
    facts = [
        (_("Entered by"), kinds.get(decision.actor_kind, decision.actor_kind)),
        (_("Signed in as"), decision.contact),
        (_("Link"), decision.link),
        (_("Note"), decision.note),
        (_("Network address"), decision.ip or ""),
        (_("Browser"), decision.user_agent),
        (_("SHA-256 of the PDF"), decision.pdf_sha256),
    ]
    return [(label, value) for label, value in facts if value]
