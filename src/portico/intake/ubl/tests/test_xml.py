"""Files of every encoding, and files that mean harm."""

import tracemalloc
from pathlib import Path

import pytest

from portico.intake.errors import Unreadable
from portico.intake.source import MAX_FILE_BYTES, read_bounded
from portico.intake.ubl.document import read_ubl
from portico.intake.ubl.tests.samples import Sample


def refused(content: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_ubl(content)
    return caught.value


def encoded(encoding: str, label: str | None = None) -> bytes:
    return Sample(buyer_name="Søren Åß").xml().replace("UTF-8", label or encoding, 1).encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        encoded("UTF-8"),
        b"\xef\xbb\xbf" + encoded("UTF-8"),
        encoded("UTF-16"),
        b"\xfe\xff" + encoded("UTF-16-BE", "UTF-16"),
        encoded("ISO-8859-1"),
        encoded("windows-1252"),
        encoded("ISO-8859-15"),
    ],
)
def test_reads_every_encoding_alike(content: bytes) -> None:
    document = read_ubl(content)
    assert document.buyer.name == "Søren Åß"
    assert document.checksum == read_ubl(encoded("UTF-8")).checksum


def test_means_the_same_under_other_prefixes_indentation_comments_and_instructions() -> None:
    plain = Sample().xml()
    other = (
        plain.replace("cbc:", "b:").replace("xmlns:cbc", "xmlns:b")
        .replace("cac:", "a:").replace("xmlns:cac", "xmlns:a")
        .replace("<ubl:Invoice xmlns:ubl=", "<Invoice xmlns=").replace("</ubl:Invoice", "</Invoice")
        .replace(">\n", ">\n\n      ").replace("<b:IssueDate>", "<?go now?><!-- the day --><b:IssueDate>")
        .replace("2026-0117", "2026<!-- a gap -->-0117")
        .replace("380", "<![CDATA[380]]>")
    )  # fmt: skip
    assert other != plain
    document = read_ubl(other.encode())
    assert document.number == "2026-0117"
    assert document.checksum == read_ubl(plain.encode()).checksum


def test_a_change_of_content_changes_the_checksum() -> None:
    one = read_ubl(Sample().bytes()).checksum
    assert read_ubl(Sample(buyer_name="Fjord AS").bytes()).checksum != one
    assert read_ubl(Sample().bytes().replace(b'unitCode="C62"', b'unitCode="XPP"')).checksum != one


def test_optional_elements_may_be_empty() -> None:
    document = read_ubl(
        Sample(
            head="<cbc:DueDate/><cbc:Note> </cbc:Note>",
            references="<cac:InvoicePeriod/><cac:OrderReference><cbc:ID/></cac:OrderReference>",
            middle="<cac:Delivery/><cac:PaymentMeans/><cac:PayeeParty/>",
        ).bytes()
    )
    assert (document.due_on, document.notes, document.references, document.delivery) == (None, (), (), None)
    assert (document.payment_means, document.payee) == ((), None)


BOMB = (
    "<!DOCTYPE Invoice [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]>"
)


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Invoice>",
        "<!DOCTYPE Invoice SYSTEM 'http://127.0.0.1:9/ubl.dtd'>",
        "<!DOCTYPE Invoice [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE Invoice [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/e'> %x;]>",
        BOMB,
    ],
)
def test_refuses_every_document_type(doctype: str) -> None:
    declaration, _, rest = Sample().xml().partition("\n")
    for reference in ("", "&x;", "&a11;"):
        error = refused(f"{declaration}\n{doctype}\n{rest}".replace("2026-0117", f"1{reference}").encode())
        assert "document type" in error.message


def test_a_bomb_costs_no_memory() -> None:
    content = f"{BOMB}<Invoice note='&a11;'>&a11;</Invoice>".encode()
    tracemalloc.start()
    refused(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"hello", "not well-formed"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"PK\x03\x04....", "this is an archive"),
        (b"<a>" * 400 + b"</a>" * 400, "beyond what an invoice can be"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "beyond what an invoice can be"),
        (b"<r>" + b"<a/>" * 600_000 + b"</r>", "more than 500,000 elements"),
        (b"<a>\n&eacute;</a>", "entity"),
        (Sample().bytes()[:900], "not well-formed"),
        (encoded("ISO-8859-1", "UTF-8"), "not well-formed"),
        (b"<a/>" + b" " * MAX_FILE_BYTES, "at most 20 MB"),
        (b"<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece'/>", "this is a CII invoice; only UBL is read for now"),
        (b"<StandardBusinessDocument xmlns='urn:x'/>", "envelope"),
        (b"<Invoice/>", "without a namespace"),
        (b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", "Order"),
    ],
)  # fmt: skip
def test_says_why_something_is_no_invoice(content: bytes, reason: str) -> None:
    assert reason in refused(content).message


def test_says_the_line_of_a_mistake_in_the_xml() -> None:
    error = refused(b"<a>\n<b>\n</c>\n</a>")
    assert error.where == "line 3"
    assert refused(b"<a>\n&eacute;</a>").line == 2


def test_refuses_a_huge_file_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(Unreadable, match="the file has 100 MB; at most 20 MB"):
        read_bounded(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_reads_something_endless_only_up_to_the_limit() -> None:
    with pytest.raises(Unreadable, match="too large"):
        read_bounded(Path("/dev/zero"), limit=100_000)


def test_says_why_a_file_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        read_bounded(tmp_path / "absent.xml")
    with pytest.raises(Unreadable, match="a folder"):
        read_bounded(tmp_path)
    with pytest.raises(Unreadable, match="can't be read"):
        read_bounded(Path("a\x00b"))
