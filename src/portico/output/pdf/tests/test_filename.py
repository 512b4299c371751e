import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.output.pdf.filename import pdf_filename


@pytest.mark.parametrize(
    ("business", "kind", "number", "name"),
    [
        ("Nordlicht Studio", "invoice", "INV-2041", "nordlicht-studio-invoice-INV-2041.pdf"),
        ("Müller & Söhne", "credit-note", "2026/001", "mueller-soehne-credit-note-2026-001.pdf"),
        ("acme", "statement", "", "acme-statement.pdf"),
        ("شركة النور", "receipt", "R 7", "receipt-R-7.pdf"),
        ("../../etc", "invoice", "a\r\nSet-Cookie: x", "etc-invoice-a-Set-Cookie-x.pdf"),
        ("Ærø Łódź", "estimate", 'E"1\\2', "aero-lodz-estimate-E-1-2.pdf"),
    ],
)
def test_names(business: str, kind: str, number: str, name: str) -> None:
    assert pdf_filename(business, kind, number) == name


@given(business=st.text(), number=st.text())
def test_any_name_is_safe_everywhere(business: str, number: str) -> None:
    name = pdf_filename(business, "invoice", number)
    assert name.isascii()
    assert not set(name) & set('/\\:*?"<>|\r\n ')
    assert name.endswith(".pdf")
    assert not name.startswith(("-", "."))
    assert len(name) < 200
