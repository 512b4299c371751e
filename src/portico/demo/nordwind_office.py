"""What the office of the demonstration does for itself: a colleague, programs' keys, numbers, closed books, a merge."""

from datetime import timedelta

from portico.demo.business import DemoBusiness
from portico.domain.access.models import ApiScope
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.access.programs.actions.revoke_api_key import revoke_api_key
from portico.domain.access.programs.actions.use_api_key import viewer_of_key
from portico.domain.customers.actions.edit_customer import create_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.number_series import set_number_series
from portico.domain.documents.models import Kind
from portico.domain.documents.numbering import Series
from portico.domain.ledger.actions.set_lock_date import set_lock_date
from portico.domain.merges.actions.merge_customers import merge_customers


def office(demo: DemoBusiness) -> None:
    """Put it on its days."""
    _keys(demo)
    demo.on(700, lambda: set_number_series(demo.business, [Series(Kind.SALES_ORDER, "{yy}-SO-")], by=demo.office))
    month = demo.day(200).replace(day=1)
    demo.on(150, lambda: set_lock_date(demo.business, month - timedelta(days=1), by=demo.office))
    demo.on(33, lambda: _twice(demo))


def _keys(demo: DemoBusiness) -> None:
    """Let a program feed the portal to this day, another read, and a third be gone."""

    def made() -> None:
        _, secret = create_api_key(demo.business, "ERP", by=demo.office)
        demo.on(0, lambda: viewer_of_key(secret))

    def gone() -> None:
        key, _ = create_api_key(demo.business, "Old shop", by=demo.office)
        demo.on(210, lambda: revoke_api_key(key, by=demo.office))

    def reads() -> None:
        _, secret = create_api_key(demo.business, "Reporting", by=demo.office, scopes=[ApiScope.READ])
        demo.on(3, lambda: viewer_of_key(secret))

    demo.on(690, gone)
    demo.on(212, made)
    demo.on(64, reads)


def _twice(demo: DemoBusiness) -> None:
    """Enter a customer that is there already; a colleague finds out a month later."""
    details = {"name": "Klinikum Süderelbe, Einkauf", "external_id": "KLINIK-2", "email": "rechnung@klinikum.example"}
    second = create_customer(demo.business, details, by=demo.office)

    def merge() -> None:
        first = Customer.objects.select_related("business").get(pk=demo.customers["KLINIK"].pk)
        merge_customers(second, first, by=demo.colleagues[0], reason="Entered twice: it is the same clinic.")

    demo.on(2, merge)
