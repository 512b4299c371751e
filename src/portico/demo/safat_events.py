"""What happened once at Al Safat Trading: returned goods, an offer, an overpayment, a bad debt."""

from functools import partial

from portico.demo.attachments import SHOWN
from portico.demo.business import DemoBusiness
from portico.demo.conversations import Turn, converse
from portico.demo.letter import letter
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.decide import approve
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind
from portico.domain.files.actions.store import store_file
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.models import Method, Payment


def add_events(demo: DemoBusiness) -> None:
    """Put all of it on its days."""
    restaurants(demo)
    grocery(demo)


def restaurants(demo: DemoBusiness) -> None:
    """Offers and returned goods of the restaurants and cafés."""
    timeline, office = demo.timeline, demo.office
    diwan, gulf = demo.customers["DIWAN"], demo.customers["GULFAIR"]
    demo.write(
        "DIWAN", Kind.ESTIMATE, 90, (0, 1, 3), title="موسم رمضان", expires_on=demo.day(60),
        then=lambda row: demo.on(80, lambda: approve(row, by=office)),
    )  # fmt: skip
    question = Turn(2, "مرحبًا، هل يشمل السعر التركيب؟\nونحتاج إلى التسليم قبل نهاية الشهر.")
    demo.write(
        "DIWAN", Kind.ESTIMATE, 6, (8, 9), title="تجهيز فرع جديد", expires_on=demo.day(-24),
        then=lambda row: converse(demo, diwan, row, [question]),
    )  # fmt: skip

    def returned(invoice: Document) -> None:
        timeline.look(invoice, demo.day(139))
        demo.write("DIWAN", Kind.CREDIT_NOTE, 136, (6,), title="مرتجع", then=partial(use, invoice))

    def use(invoice: Document, note: Document) -> None:
        amount = min(invoice.open_amount, note.open_amount)
        apply_credit_note(note, [Share(invoice, amount)], by=office)
        if invoice.open_amount > amount:
            timeline.receive(diwan, demo.day(120), [(invoice, invoice.open_amount - amount)], method=Method.CHECK)

    demo.invoice("DIWAN", 140, (0, 1), then=returned)
    demo.write("DIWAN", Kind.CREDIT_NOTE, 11, (6,), title="فرق سعر")
    paper = letter(
        "Supply agreement", "Al Safat Trading and Gulf Horizon Catering", "Prices hold for a year.", "Kuwait"
    )
    demo.on(640, lambda: store_file(gulf, gulf.ref, "Supply agreement.pdf", paper, SHOWN, by=office))
    demo.invoice(
        "GULFAIR", 58, (0, 7), title="Flight kitchen",
        then=lambda row: timeline.receive(gulf, demo.day(30), [(row, row.open_amount)], extra=125_500),
    )  # fmt: skip


def grocery(demo: DemoBusiness) -> None:
    """A small grocery: cash, a wrong invoice, a refund, and a rest that nobody expects any more."""
    timeline, office = demo.timeline, demo.office
    shop = demo.customers["ABBAS"]

    def damaged(invoice: Document, payment: Payment) -> None:
        refund(payment, 17_500, by=office, reason="Two boxes were damaged")
        write_off(invoice, by=office, reason="Two boxes were damaged")

    demo.invoice(
        "ABBAS", 330, (0, 4),
        then=lambda row: timeline.receive(
            shop, demo.day(330), [(row, row.open_amount)], method=Method.CASH,
            then=lambda paid: demo.on(320, lambda: damaged(row, paid)),
        ),
    )  # fmt: skip
    demo.invoice("ABBAS", 260, (1,), then=lambda row: demo.on(259, lambda: void(row, by=office, reason="Wrong shop")))

    def half_paid(invoice: Document) -> None:
        timeline.receive(shop, demo.day(230), [(invoice, invoice.open_amount // 2)], method=Method.CASH)
        demo.on(60, lambda: write_off(invoice, by=office, reason="Shop closed"))

    demo.invoice("ABBAS", 250, (0, 1, 4), then=half_paid)
