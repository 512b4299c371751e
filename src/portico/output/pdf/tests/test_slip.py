"""The Swiss payment part stands at the foot of the last page, whole, and can be read there."""

import pytest
import zxingcpp
from pypdfium2 import PdfDocument

from portico.domain.businesses.models import BankAccount, Business
from portico.domain.documents.how_to_pay import PayTo
from portico.domain.documents.models import Document, Kind
from portico.lib.l10n import formatter
from portico.output.pdf.pay_notes import payment_slip
from portico.output.pdf.render import Renderer
from portico.output.pdf.sheets import PaymentSlip
from portico.output.pdf.tests.samples import invoice, lines

# Millimetres: the part's own height, and where the code begins below its edge and from the left of the paper.
_HEIGHT, _DOWN, _RIGHT, _SIZE = 105, 17, 67, 46


def slip(buyer: dict[str, str]) -> PaymentSlip:
    business = Business(line1="Hafenweg 22", postal_code="48155", city="Münster", country="DE")
    account = BankAccount(holder="Nordlicht Studio", iban="CH4431999123000889012", currency="CHF")
    document = Document(kind=Kind.INVOICE, number="INV-2041", currency="CHF", open_amount=198016, buyer=buyer)
    document.business = business
    found = payment_slip(document, PayTo((account,)), formatter("en"))
    assert found is not None
    return found


@pytest.mark.parametrize("rows", [1, 12, 40])
@pytest.mark.parametrize("buyer", [{}, {"name": "Velo AG", "postal_code": "8005", "city": "Zürich", "country": "CH"}])
def test_slip_is_at_the_foot_of_the_last_page(printer: Renderer, rows: int, buyer: dict[str, str]) -> None:
    pdf = PdfDocument(printer.render(invoice(rows=lines(rows), slip=slip(buyer))))
    scale = 3
    pictures = [page.render(scale=scale).to_pil() for page in pdf]
    found = [(at, code) for at, picture in enumerate(pictures) for code in zxingcpp.read_barcodes(picture)]
    ((at, code),) = found
    assert at == len(pdf) - 1
    assert code.text.startswith("SPC\r\n0200")
    millimetre = scale * 72 / 25.4
    left, top = code.position.top_left.x / millimetre, code.position.top_left.y / millimetre
    assert left == pytest.approx(_RIGHT, abs=1)
    assert top == pytest.approx(297 - _HEIGHT + _DOWN, abs=1)
    assert code.position.bottom_right.x / millimetre - left == pytest.approx(_SIZE, abs=1)


def test_lines_of_the_slip_bear_scissors(printer: Renderer) -> None:
    pdf = PdfDocument(printer.render(invoice(rows=lines(1), slip=slip({}))))
    scale = 4
    picture = pdf[len(pdf) - 1].render(scale=scale).to_pil().convert("L")

    def darkest(left: float, top: float, right: float, bottom: float) -> int:
        millimetre = scale * 72 / 25.4
        box = [round(value * millimetre) for value in (left, top, right, bottom)]
        return int(picture.crop((box[0], box[1], box[2], box[3])).getextrema()[0])

    edge = 297 - _HEIGHT
    # Beside the lines themselves: over the upper one, and to the left of the one between receipt and part.
    assert darkest(5, edge - 1.6, 10, edge - 0.4) < 128
    assert darkest(60, edge + 3, 61.6, edge + 9) < 128
    assert darkest(11, edge - 1.6, 200, edge - 0.4) == 255
    assert darkest(60, edge + 10, 61.6, edge + 70) == 255
