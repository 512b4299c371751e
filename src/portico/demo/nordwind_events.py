"""What happened once at Nordwind Atelier: estimates, orders, corrections, refunds, mishaps."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from portico.demo.attachments import SHOWN, side_view, sketch, timesheet
from portico.demo.business import DemoBusiness
from portico.demo.conversations import Turn, converse
from portico.demo.imported import imported_invoice
from portico.demo.letter import letter
from portico.demo.mails import mail, reminders, statements
from portico.demo.nordwind_customers import customer_care
from portico.demo.nordwind_office import office
from portico.demo.nordwind_plans import payment_plans
from portico.demo.payment_behavior import card
from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.decide import approve, decline, mark_invoiced
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import Discount, LineInput
from portico.domain.files.actions.store import store_file
from portico.domain.payments.actions.adjust_credit import AdjustmentInput, adjust_credit
from portico.domain.payments.actions.autopay import enrol
from portico.domain.payments.actions.collect import collect_due
from portico.domain.payments.actions.promise import PromiseInput, promise
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.save_method import save_method
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.models import Method
from portico.domain.payments.queries import gateway_account

_TOURS = 500


def add_events(demo: DemoBusiness) -> None:
    """Put all of it on its days."""
    deliveries(demo)
    lamps(demo)
    bicycles(demo)
    payment_plans(demo)
    customer_care(demo)
    office(demo)
    corrections(demo)
    mishaps(demo)
    insolvency(demo)
    oddities(demo)
    paying_online(demo)
    autopaying(demo)
    deposits(demo)
    francs(demo)
    imported_invoice(demo)
    statements(demo)
    reminders(demo)


def deliveries(demo: DemoBusiness) -> None:
    """A courier has labels printed for every tour: five hundred small invoices."""
    for tour in range(_TOURS):
        days_ago = 716 - tour * 716 // _TOURS
        demo.invoice("ELBKURIER", days_ago, (11, 12), title=f"Tour {tour + 1:03d}")


def lamps(demo: DemoBusiness) -> None:
    """A maker of lamps asks for offers, orders, and gets its papers with the invoices."""
    timeline, customer = demo.timeline, demo.customers["HAFENLICHT"]

    def accepted(estimate: Document) -> None:
        timeline.look(estimate, demo.day(399))
        demo.on(396, lambda: approve(estimate, by=timeline.office))
        demo.on(380, lambda: mark_invoiced(estimate, by=timeline.office))
        pdf = letter("Serie Tischleuchten", "Leistungsbeschreibung", "Entwurf, Konstruktion und drei Prototypen.", "")
        store_file(customer, estimate.ref, "Leistungsbeschreibung.pdf", pdf, SHOWN, by=timeline.office)

    def offer(days_ago: int, title: str, products: tuple[int, ...], days: int = 30) -> partial[None]:
        expires = demo.day(days_ago - days)
        return partial(demo.write, "HAFENLICHT", Kind.ESTIMATE, days_ago, products, title=title, expires_on=expires)

    offer(400, "Serie Tischleuchten", (0, 2, 3))(then=accepted)
    offer(250, "Messestand", (0, 6))(then=lambda row: demo.on(240, lambda: decline(row, by=timeline.office)))
    offer(120, "Fotografie Herbstkollektion", (6,))()
    offer(60, "Leseleuchte „Lotse“, Serie 2", (2, 3), 90)(
        then=lambda row: demo.on(50, lambda: approve(row, by=timeline.office))
    )
    offer(12, "Außenleuchte IP65, Gehäuse", (0, 2, 3, 5))(then=lambda row: timeline.look(row, demo.day(10)))
    offer(2, "Montageanleitung", (8,))()
    demo.write("HAFENLICHT", Kind.SALES_ORDER, 20, (3, 4), title="Nachbau Prototypen")
    demo.write(
        "HAFENLICHT", Kind.SALES_ORDER, 200, (3,), title="Muster für die Messe",
        then=lambda row: demo.on(190, lambda: mark_invoiced(row, by=timeline.office)),
    )  # fmt: skip
    demo.invoice(
        "HAFENLICHT", 9, (0, 7), title="Außenleuchte IP65, Anzahlung",
        then=partial(_paid_in_part, demo),
    )  # fmt: skip
    demo.invoice("HAFENLICHT", 6, (2,), title="Gehäuse, zweite Fassung", then=partial(_promised, demo))
    demo.invoice("HAFENLICHT", 0, (2,), title="Nicht gesendeter Entwurf", draft=True, then=lambda row: None)
    _files_of_lamps(demo)


def bicycles(demo: DemoBusiness) -> None:
    """A maker of bicycles across the sea: offers, an order, and papers in English."""
    timeline, office, customer = demo.timeline, demo.office, demo.customers["BRIGHTON"]

    def offer(days_ago: int, title: str, products: tuple[int, ...], **more: Any) -> None:
        expires = demo.day(days_ago - 45)
        demo.write("BRIGHTON", Kind.ESTIMATE, days_ago, products, title=title, expires_on=expires, **more)

    offer(8, "Cargo frame mk III, drawings", (0, 2), then=lambda row: timeline.look(row, demo.day(6)))
    offer(40, "Display stand, ten pieces", (3, 4), then=lambda row: demo.on(31, lambda: approve(row, by=office)))
    offer(160, "Child seat study", (0,))
    demo.write("BRIGHTON", Kind.SALES_ORDER, 28, (3, 4), title="Display stand, ten pieces")
    demo.write("BRIGHTON", Kind.CREDIT_NOTE, 17, (4,), title="Samples returned")

    def with_papers(invoice: Document) -> None:
        mail(demo, invoice, 19)
        timeline.look(invoice, demo.day(18))
        drawing = letter(
            "Cargo frame mk II", "Release notes", "Dropouts widened by 2 mm. Weld at B4 replaced.", "I. Lund"
        )
        store_file(customer, invoice.ref, "Release notes mk II.pdf", drawing, SHOWN, by=office)
        view = side_view("#1c3d5a", "#f4efe6")
        store_file(customer, invoice.ref, "Side view mk II.png", view, SHOWN, by=office)
        store_file(customer, invoice.ref, f"Hours {invoice.number}.csv", timesheet(invoice), SHOWN, by=office)
        timeline.receive(customer, demo.day(5), [(invoice, invoice.open_amount // 3)])
        question = "Hello, line 2 says 12 hours of modelling. We had agreed on ten, see\nhttps://brighton-cycles.example/po/118"
        asked = f"{question}\n\nCould you check before we pay the rest?"
        converse(demo, customer, invoice, [Turn(1, asked, files=(("As built.png", side_view("#f4efe6", "#1c3d5a")),))])

    demo.invoice("BRIGHTON", 19, (0, 2), title="Cargo frame mk II, release", then=with_papers)
    agreement = letter(
        "Framework agreement", "Nordwind Atelier and Brighton & Hove Cycle Works", "Rates and rights.", ""
    )
    demo.on(650, lambda: store_file(customer, customer.ref, "Framework agreement.pdf", agreement, SHOWN, by=office))


def deposits(demo: DemoBusiness) -> None:
    """Estimates that ask for something in advance: one waits for its deposit, one has it, one is to be decided on."""
    timeline, third = demo.timeline, Deposit(percent=Decimal(30))

    def asked(
        key: str, days_ago: int, title: str, products: tuple[int, ...], then: Callable[[Document], object] | None = None
    ) -> None:
        expires = demo.day(days_ago - 45)
        demo.write(key, Kind.ESTIMATE, days_ago, products, title=title, expires_on=expires, deposit=third, then=then)

    def waits(estimate: Document) -> None:
        demo.on(15, lambda: approve(estimate, by=timeline.office))

    def has_it(estimate: Document) -> None:
        demo.on(29, lambda: approve(estimate, by=timeline.office))
        money = PaymentInput(
            estimate.deposit, estimate.currency, demo.day(24), Method.BANK_TRANSFER,
            reference=estimate.number, deposit_of=estimate,
        )  # fmt: skip
        demo.on(24, lambda: record_payment(estimate.customer, money, by=timeline.office))

    asked("HAFENLICHT", 20, "Pendelleuchte „Kai“, Entwurf", (0, 3), waits)
    asked("HAFENLICHT", 34, "Wandleuchte „Mole“, Prototypen", (2, 3), has_it)
    asked("BRIGHTON", 4, "Trailer hitch, prototype", (2, 3))


def francs(demo: DemoBusiness) -> None:
    """A customer in Switzerland owes francs, and gets a Swiss payment part."""
    demo.invoice("VELO", 5, (0, 2), title="Rahmen „Uetli“, Beschriftung", then=lambda row: None)


def corrections(demo: DemoBusiness) -> None:
    """Credit notes: one used up, one partly used, two open."""
    timeline = demo.timeline

    def credited(key: str, days_ago: int, share: int) -> None:
        customer = demo.customers[key]

        def use(invoice: Document, note: Document) -> None:
            amount = min(invoice.open_amount, note.open_amount) * share // 4
            apply_credit_note(note, [Share(invoice, amount)], by=timeline.office)
            left = invoice.open_amount - amount
            if left:
                timeline.receive(customer, demo.day(days_ago - 12), [(invoice, left)])

        def issued(invoice: Document) -> None:
            store_file(
                customer, invoice.ref, f"Stunden {invoice.number}.csv", timesheet(invoice), SHOWN, by=timeline.office
            )
            demo.write(
                key, Kind.CREDIT_NOTE, days_ago - 3, (7,), title=f"Correction of {invoice.number}",
                then=partial(use, invoice),
            )  # fmt: skip

        demo.invoice(key, days_ago, (0, 7), then=issued)

    credited("HAFENLICHT", 300, 4)
    credited("KLINIK", 150, 2)
    demo.write("HAFENLICHT", Kind.CREDIT_NOTE, 16, (4,), title="Kulanz Materialmuster")
    demo.write("WERKHAUS", Kind.CREDIT_NOTE, 33, (7,), title="Kulanz")
    demo.write("ATLAS", Kind.CREDIT_NOTE, 15, (10,), title="Test not carried out")


def mishaps(demo: DemoBusiness) -> None:
    """A theatre's wrong and withdrawn invoices, and a direct debit that bounced."""
    timeline, office = demo.timeline, demo.office
    theatre, clinic = demo.customers["THEATER"], demo.customers["KLINIK"]
    demo.invoice(
        "THEATER", 420, (8, 6), title="Plakate Spielzeit",
        then=lambda row: demo.on(418, lambda: void(row, by=office, reason="Falsche Anschrift")),
    )  # fmt: skip
    demo.invoice(
        "THEATER", 418, (8, 6), title="Plakate Spielzeit",
        then=lambda row: timeline.receive(
            theatre, demo.day(405), [(row, row.open_amount)],
            extra=15_000, then=lambda paid: demo.on(
                390, lambda: refund(paid, 15_000, by=office, reason="Zu viel überwiesen")
            ),
        ),
    )  # fmt: skip
    demo.invoice(
        "THEATER", 100, (6,), title="Probenfotos",
        then=lambda row: timeline.receive(
            theatre, demo.day(92), [(row, row.open_amount)],
            then=lambda _: demo.on(80, lambda: void(row, by=office, reason="Auftrag zurückgezogen")),
        ),
    )  # fmt: skip
    demo.invoice(
        "KLINIK", 75, (10,), title="Usability-Test Terminal",
        then=lambda row: timeline.receive(
            clinic, demo.day(45), [(row, row.open_amount)], method=Method.DIRECT_DEBIT,
            then=lambda paid: demo.on(41, lambda: void_payment(paid, by=office, reason="Rücklastschrift")),
        ),
    )  # fmt: skip


def insolvency(demo: DemoBusiness) -> None:
    """A small agency pays twice, gets the surplus back, and later pays no more."""
    timeline, office, pixel = demo.timeline, demo.office, demo.customers["PIXEL"]
    for days_ago in (520, 480):
        demo.invoice(
            "PIXEL", days_ago, (1, 7), title="Webshop",
            then=lambda row: demo.on(210, lambda: write_off(row, by=office, reason="Insolvenz")),
        )  # fmt: skip
    demo.invoice(
        "PIXEL", 560, (1,), title="Webshop, Konzept",
        then=lambda row: timeline.receive(
            pixel, demo.day(550), [(row, row.open_amount)], extra=row.open_amount,
            then=lambda paid: demo.on(
                540, lambda: refund(paid, paid.amount // 2, by=office, reason="Doppelt gezahlt")
            ),
        ),
    )  # fmt: skip


def paying_online(demo: DemoBusiness) -> None:
    """A museum's debit is on its way, a potter's card was declined, and a manufactory's debit came back."""
    timeline = demo.timeline
    good, bad = "DE89 3704 0044 0532 0130 00", "DE62 3704 0044 0532 0130 01"
    demo.invoice(
        "MUSEUM", 12, (6,), title="Vitrinenfotos",
        then=lambda row: timeline.pay_online(
            row, demo.day(1), {"account_holder": "Museum Nord", "iban": good}, settles_on=demo.day(-4)
        ),
    )  # fmt: skip
    demo.invoice(
        "MILA", 6, (9,), title="Etiketten",
        then=lambda row: timeline.pay_online(row, demo.day(5), card(row, "4000 0000 0000 0002")),
    )  # fmt: skip

    def returned(invoice: Document) -> None:
        unknown = f"550 5.1.1 <{invoice.customer.email}>: Recipient address rejected: User unknown"
        mail(demo, invoice, 20, lost=unknown)
        timeline.pay_online(invoice, demo.day(15), {"account_holder": "Holzmanufaktur", "iban": bad})

    demo.invoice("HOLZ", 20, (2,), title="Zuschnitt", then=returned)


def autopaying(demo: DemoBusiness) -> None:
    """A studio has two cards and has its invoices collected: one was, one will be."""
    timeline, customer = demo.timeline, demo.customers["LUMEN"]
    reader = Actor("customer", customer.public_id, customer.name, "203.0.113.7")

    def enroll() -> None:
        account = gateway_account(demo.business, "sandbox")
        for number in ("4242 4242 4242 4242", "5555 5555 5555 4444"):
            typed = {"cardholder": customer.name, "card_number": number, "card_expiry": "08/29", "card_cvc": "123"}
            save_method(customer, account, Method.CARD, typed, key=f"demo:{number}", return_url="", by=reader)
        enrol(customer, by=reader)

    timeline.on(demo.day(40), enroll)
    for days_ago in (25, 2):
        demo.invoice("LUMEN", days_ago, (9, 7), title="Retainer", then=lambda row: None)
    # The first is due a week and an hour after it was written, at whatever time of that day: so the day after.
    timeline.on(demo.day(17), collect_due)


def oddities(demo: DemoBusiness) -> None:
    """Money before any invoice, discounts, prices with tax in them, nothing to pay at all."""
    timeline = demo.timeline
    converse(demo, demo.customers["TIDE"], None, [
        Turn(12, "Which bank details do you need for the second instalment?"),
        Turn(11, "Those on our last invoice; they are on My Account, too.", by_staff=True, resolve=True),
    ])  # fmt: skip
    timeline.receive(
        demo.customers["TIDE"], demo.day(18), [], extra=250_000, currency="EUR", reference="Deposit, sauna stove II"
    )
    goodwill = AdjustmentInput(5_000, "EUR", "Goodwill: the stove came two weeks late")
    demo.on(14, lambda: adjust_credit(demo.customers["TIDE"], goodwill, by=demo.office))
    tenth, three = Discount(percent=Decimal(10)), Discount(percent=Decimal(3))
    frame = [
        LineInput("Design engineering (CAD)", Decimal(18), Decimal("124.50"), tenth, unit="HUR"),
        LineInput("Prototype, 3D printed", Decimal(4), Decimal("64.90"), details="PA12, dyed black", unit="C62"),
    ]
    demo.invoice("BRIGHTON", 25, lines=frame, title="Cargo frame mk III", discount=three)
    price = LineInput("Produktfotografie", Decimal(1), Decimal("350.00"), tax_rate=Decimal(19), unit="C62")
    demo.invoice("ORT", 15, lines=[price], prices_include_tax=True, title="Portrait")
    free = LineInput("Kennenlern-Workshop", Decimal(1), Decimal("890.00"), Discount(percent=Decimal(100)))
    demo.invoice("MUSEUM", 66, lines=[free], title="Auftakt", then=lambda row: None)


def _files_of_lamps(demo: DemoBusiness) -> None:
    """Keep what belongs to the customer itself: the contract and a sketch, and a note that stays private."""
    customer = demo.customers["HAFENLICHT"]
    contract = letter(
        "Rahmenvertrag", "Nordwind Atelier GmbH und Hafenlicht Leuchten GmbH",
        "Stundensätze und Nutzungsrechte gelten für alle Aufträge ab dem Tag der Unterschrift.", "Hamburg",
    )  # fmt: skip
    demo.on(700, lambda: store_file(customer, customer.ref, "Rahmenvertrag.pdf", contract, SHOWN, by=demo.office))
    demo.on(58, lambda: store_file(customer, customer.ref, "Lotse, Serie 2.png", sketch(), SHOWN, by=demo.office))
    call = b"Anruf Frau Petersen, Buchhaltung:\r\nRechnungen ab Dezember bitte mit der neuen Bestellnummer.\r\n"
    demo.on(13, lambda: store_file(customer, customer.ref, "Telefonnotiz.txt", call, by=demo.office))


def _paid_in_part(demo: DemoBusiness, invoice: Document) -> None:
    """Have the customer pay a part and ask about the rest: it was answered, and waits for the customer."""
    customer = invoice.customer
    mail(demo, invoice, 9)
    demo.timeline.receive(customer, demo.day(4), [(invoice, invoice.open_amount * 2 // 5)])
    converse(demo, customer, invoice, [
        Turn(4, "Guten Tag, wir haben heute 40 % überwiesen.\nReicht es, wenn der Rest mit der Freigabe kommt?"),
        Turn(4, "Kunde zahlt zuverlässig, ruhig zusagen.", note=True),
        Turn(3, "Gern, das passt so. Schicken Sie uns einfach die Freigabe der Zeichnungen.", by_staff=True),
    ])  # fmt: skip


def _promised(demo: DemoBusiness, invoice: Document) -> None:
    """Have the customer say, the day after it came, that an invoice is paid next week."""
    customer = invoice.customer
    reader = Actor("customer", customer.public_id, customer.name, "203.0.113.7")
    data = PromiseInput(
        invoice.open_amount, demo.timeline.ago(-5), reference=invoice.number, note="Zahllauf am Freitag"
    )
    demo.on(5, lambda: promise(invoice, data, by=reader))
    list_of_hours = (("Stundenliste.csv", timesheet(invoice)),)
    converse(demo, customer, invoice, [
        Turn(6, "Können Sie uns die Stundenliste dazu schicken?"),
        Turn(5, "Sie hängt an. Viele Grüße!", by_staff=True, resolve=True, files=list_of_hours),
    ])  # fmt: skip
