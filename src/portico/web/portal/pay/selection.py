"""What a request to the pay page is about: one invoice, several, everything that is due, a deposit or an advance."""

from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document, documents, outstanding
from portico.domain.payments.deposits import deposit_due
from portico.domain.payments.models import PaymentAttempt
from portico.domain.payments.queries import under_way, under_way_by_document
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.web.portal.core.existing import existing
from portico.web.portal.core.urls import page_url

# As many as can be selected in Activity; an address carries no more.
_AT_MOST = 250


@dataclass(frozen=True, slots=True)
class Selection:
    """Invoices of one currency to be paid, the deposit of an estimate, or an advance.

    `named` says that the address names invoices. `settled` are those that ask for no money any more, `waiting` those
    that another attempt may still collect for; both are left out of `invoices`. `currencies` are those that can be
    chosen, `under_way` the attempts whose outcome is not known, each with whether this session may open it. `deposit`
    (minor units) is what an `estimate` asks for in advance; 0 for nothing, or while a payment of it is under way.
    """

    currency: str
    named: bool = False
    advance: bool = False
    invoices: list[Document] = field(default_factory=list)
    settled: list[Document] = field(default_factory=list)
    waiting: list[Document] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    under_way: list[tuple[PaymentAttempt, bool]] = field(default_factory=list)
    estimate: Document | None = None
    deposit: int = 0

    @property
    def due(self) -> int:
        """What is open on the invoices, or the deposit that is due, in minor units."""
        return self.deposit + sum(invoice.open_amount for invoice in self.invoices)

    @property
    def asks(self) -> bool:
        """Whether there is something to be paid."""
        return bool(self.invoices or self.advance or self.deposit)

    @property
    def parts(self) -> list[Document]:
        """The documents that are paid: the invoices, or the estimate of the deposit."""
        return [self.estimate] if self.estimate is not None else self.invoices

    def url(self, currency: str = "", **more: str) -> str:
        """Return the pay page's address for this selection, in another currency where one is given."""
        named = [*self.invoices, *self.settled, *self.waiting] if self.named and not currency else []
        query = [("invoice", row.public_id) for row in named]
        if self.estimate is not None:
            return f"{page_url('pay')}?{urlencode({'estimate': self.estimate.public_id, **more})}"
        if self.advance:
            query.append(("advance", "1"))
        if not named:
            query.append(("currency", currency or self.currency))
        return f"{page_url('pay')}?{urlencode([*query, *more.items()])}"


def selection_of(request: HttpRequest, viewer: CustomerViewer) -> Selection:
    """Read what is to be paid from the address. Raises NotFound for an invoice that the viewer may not see."""
    estimate = _estimate(request.GET, viewer)
    if estimate is not None:
        return _deposit_of(estimate, viewer)
    wanted = _wanted(request.GET, viewer)
    started = _started(viewer)
    advance = bool(request.GET.get("advance")) and viewer.has_account and viewer.business.allow_advance_payments
    rows = named_invoices(viewer, wanted) if wanted else [] if advance else _due(viewer)
    payable = [row for row in rows if row.is_owed and row.pk not in started]
    currencies = _currencies(viewer, payable, request.GET.get("currency", ""))
    invoices = [row for row in payable if row.currency == currencies[0]]
    # A customer who came to pay what is due, and owes nothing, may pay in advance.
    nothing_due = not wanted and not rows and viewer.has_account and viewer.business.allow_advance_payments
    return Selection(
        currency=currencies[0],
        named=bool(wanted),
        advance=advance or nothing_due,
        invoices=invoices,
        settled=[row for row in rows if not row.is_owed],
        waiting=[row for row in rows if row.is_owed and row.pk in started],
        currencies=sorted(currencies),
        under_way=_under_way(viewer, started, rows if wanted else None),
    )


def _estimate(asked: QueryDict, viewer: CustomerViewer) -> Document | None:
    """Return the estimate whose deposit is to be paid. Raises NotFound for one that the viewer may not see."""
    target = viewer.target if not viewer.has_account else None
    # kinds: nothing but estimates ask for deposits
    reached = target.public_id if target is not None and target.kind == Kind.ESTIMATE else ""
    name = asked.get("estimate", "" if asked.get("invoice") else reached)
    return document(viewer, name, Kind.ESTIMATE) if name else None


def _deposit_of(estimate: Document, viewer: CustomerViewer) -> Selection:
    started = _under_way(viewer, _started(viewer), [estimate])
    return Selection(
        currency=estimate.currency,
        estimate=estimate,
        deposit=0 if started else deposit_due(estimate),
        currencies=[estimate.currency],
        under_way=started,
    )


def _wanted(asked: QueryDict, viewer: CustomerViewer) -> list[str]:
    names = list(dict.fromkeys(asked.getlist("invoice")))
    if names or viewer.has_account:
        return names
    target = viewer.target
    # kinds: nothing but invoices is paid
    if target is None or target.kind != Kind.INVOICE:
        raise NotFound("This session reaches nothing that can be paid.")
    return [target.public_id]


def named_invoices(viewer: CustomerViewer, names: list[str]) -> list[Document]:
    """Return the invoices with these public ids, the longest due first. Raises NotFound for one that is not there."""
    names = list(dict.fromkeys(names))
    keys = [key for name in names[: _AT_MOST + 1] if (key := parse_public_id(name, Kind.INVOICE))]
    found = documents(viewer).filter(kind=Kind.INVOICE, pk__in=keys) if len(keys) <= _AT_MOST else None
    rows = list(found.order_by("due_on", "issued_on", "id")) if found is not None else []
    if len(rows) != len(names):
        raise NotFound("One of these invoices is not there.")
    return rows


def _due(viewer: CustomerViewer) -> list[Document]:
    return list(outstanding(viewer).filter(issued_on__lte=viewer.business.today())[:_AT_MOST])


def _currencies(viewer: CustomerViewer, rows: list[Document], preferred: str) -> list[str]:
    """Return the currencies of what is to be paid, first the preferred one, else the business's own."""
    found = sorted({row.currency for row in rows}) or [viewer.customer.currency or viewer.business.currency]
    for first in (preferred, viewer.business.currency):
        if first in found:
            return [first, *(currency for currency in found if currency != first)]
    return found


def _started(viewer: CustomerViewer) -> dict[UUID, PaymentAttempt]:
    return under_way_by_document(viewer) if existing(viewer).under_way else {}


def _under_way(
    viewer: CustomerViewer, started: dict[UUID, PaymentAttempt], rows: list[Document] | None
) -> list[tuple[PaymentAttempt, bool]]:
    """Return the attempts under way for these documents, or all; each with whether this session may open it."""
    own = under_way(viewer)
    concerned = None if rows is None else {started[row.pk].pk for row in rows if row.pk in started}
    found = [(attempt, True) for attempt in own if concerned is None or attempt.pk in concerned]
    others = {attempt.pk: attempt for attempt in started.values() if attempt not in own}
    return found + [(attempt, False) for key, attempt in others.items() if concerned is None or key in concerned]
