import io
import threading
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from portico.output.pdf import fonts, render
from portico.output.pdf.errors import TooLong
from portico.output.pdf.render import Renderer, checksum
from portico.output.pdf.sheets import Fact, Frame, Row, Table
from portico.output.pdf.tests.samples import ARABIC, COLUMNS, FRAME, every_kind, invoice, lines
from portico.output.pdf.text import Cleaner


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def tags(pdf: bytes) -> list[str]:
    """The structure of a tagged PDF, in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K"))

    walk(read(pdf).root_object["/StructTreeRoot"])
    return found


@pytest.mark.parametrize("kind", ["document", "receipt", "statement", "list"])
@pytest.mark.parametrize("frame", [FRAME, ARABIC], ids=["ltr", "rtl"])
def test_every_kind_is_a_tagged_archivable_accessible_pdf(printer: Renderer, kind: str, frame: Any) -> None:
    pdf = printer.render(every_kind(frame)[kind])
    reader = read(pdf)
    root: Any = reader.root_object
    assert root["/Lang"] == frame.language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == frame.title
    assert reader.metadata.author == frame.business
    metadata = root["/Metadata"].get_data()
    assert b"<pdfaid:part>3" in metadata
    assert b"<pdfaid:conformance>A" in metadata
    assert b"<pdfuaid:part>1" in metadata
    structure = tags(pdf)
    assert structure.count("/H1") == 1
    assert structure.index("/H1") < structure.index("/THead") < structure.index("/TBody")


def test_the_paper_says_everything_the_sheet_says(printer: Renderer) -> None:
    shown = text_of(printer.render(invoice(state="Voided")))
    for part in (
        "Invoice INV-2041", "Voided", "Acme GmbH", "VAT ID DE 298 112 004", "12 Nov 2026", "Illustrations, part 3",
        "4 h", "€56.00", "€1,980.16", "Standard rate", "Reverse charge", "IBAN DE89 3704 0044 0532 0130 00",
        "Page 1 of 1",
    ):  # fmt: skip
        assert part in shown


def test_equal_sheets_give_equal_bytes(printer: Renderer, font_folder: Path) -> None:
    other = Renderer(font_folder)
    other.render(every_kind()["list"])
    assert printer.render(invoice()) == other.render(invoice())


def test_threads_share_a_renderer(printer: Renderer) -> None:
    sheets = [invoice(subtitle=f"Number {index}") for index in range(8)]
    alone = [printer.render(sheet) for sheet in sheets]
    together: dict[int, bytes] = {}

    def work(index: int) -> None:
        together[index] = printer.render(sheets[index])

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[index] for index in range(8)] == alone


def test_a_long_invoice_repeats_its_headings_and_counts_its_pages(printer: Renderer) -> None:
    pdf = printer.render(invoice(rows=lines(500)))
    pages = [page.extract_text() for page in read(pdf).pages]
    assert len(pages) > 15
    last_line_page = max(index for index, page in enumerate(pages) if "Illustrations, part 500" in page)
    assert all("Quantity" in page for page in pages[: last_line_page + 1])
    assert f"Page 2 of {len(pages)}" in pages[1]
    assert tags(pdf).count("/THead") == 2, "a repeated heading is not read again"


def test_a_long_sheet_set_apart_is_the_same_file(printer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = invoice(rows=lines(60))
    here = printer.render(sheet)
    monkeypatch.setattr(render, "ROWS_AT_ONCE", 59)
    assert printer.render(sheet) == here


def test_more_rows_than_a_pdf_holds_are_refused(printer: Renderer) -> None:
    with pytest.raises(TooLong, match="10,001 rows"):
        printer.render(invoice(rows=lines(1) * 10_001))


def test_totals_stay_together(printer: Renderer) -> None:
    for count in range(9, 24):
        pages = [page.extract_text() for page in read(printer.render(invoice(rows=lines(count)))).pages]
        assert any("Subtotal" in page and "VAT 19 %" in page and "€1,980.16" in page for page in pages)


@pytest.mark.parametrize("frame", [FRAME, ARABIC], ids=["ltr", "rtl"])
def test_an_invoice_of_two_full_pages_is_small(printer: Renderer, frame: Frame) -> None:
    pdf = printer.render(invoice(frame=frame, rows=lines(28)))
    assert len(read(pdf).pages) == 2
    assert len(pdf) <= 40_000


def baselines(pdf: bytes) -> list[float]:
    """The heights above the foot of the first page that text stands on, from the top."""
    found = set()

    def see(text: str, matrix: list[float], line: list[float], *_: object) -> None:
        if text.strip():
            found.add(round(line[5] * matrix[3] + matrix[5], 1))

    read(pdf).pages[0].extract_text(visitor_text=see)
    return sorted(found, reverse=True)


WORDS = "everything that was done for you " * 8


@pytest.mark.parametrize(
    "row",
    [
        Row((WORDS, "1", "€1", "€1")),
        Row((WORDS, "1", "€1", "€1"), strong=True),
        Row(("Short", "1", "€1", "€1"), (WORDS,)),
        Row(("Short", "1", "€1", "€1"), ("One\nTwo\nThree",)),
        Row(("Short", "One\nTwo\nThree", "€1", "€1")),
        Row(("Short", WORDS, WORDS, "€1")),
    ],
)
def test_a_row_with_more_to_say_takes_the_room_it_needs(printer: Renderer, row: Row) -> None:
    rows = (*lines(2), row, *lines(9))
    found = baselines(printer.render(invoice(frame=replace(FRAME, initial=""), headline=None, rows=rows)))
    assert len(found) > 25
    assert all(above - below > 9 for above, below in pairwise(found))


def test_numbers_never_break_whatever_stands_above_them(printer: Renderer) -> None:
    units = ("ชิ้น", "200x Tag und Nacht")

    def stands(units: Iterable[str]) -> list[float]:
        rows = tuple(Row((f"Line {index}", unit, "€1", "€1")) for index, unit in enumerate(units))
        return baselines(printer.render(invoice(rows=rows)))

    assert stands(units) == stands(unit.replace(" ", "\u00a0") for unit in units)


def test_us_letter(printer: Renderer) -> None:
    page = read(printer.render(invoice(frame=replace(FRAME, paper="us-letter")))).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (612, 792)


def test_an_empty_table_says_so(printer: Renderer) -> None:
    pdf = printer.render(invoice(lines=Table(COLUMNS, (), empty="Nothing to show.")))
    assert "Nothing to show." in text_of(pdf)


SCRIPTS = {
    "German": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, ẞtraße",
    "Arabic": "فاتورة ضريبية رقم 2041 بمبلغ 1,980.16",
    "Hebrew": "חשבונית מס",
    "Japanese": "請求書 鈴木商店 カタカナ ひらがな 消費税",
    "Chinese": "增值税专用发票 购买方 直骨",
    "Traditional Chinese": "統一發票 營業稅",
    "Korean": "세금계산서 부가가치세",
    "Thai": "ใบแจ้งหนี้",
    "Hindi": "चालान",
    "Greek": "Τιμολόγιο",
    "Russian": "Счёт-фактура",
    "Georgian": "ინვოისი",
    "Vietnamese": "Hóa đơn",
    "Armenian": "Հաշիվ ապրանքագիր",
    "Bengali": "চালান বাংলাদেশ লিমিটেড",
    "Tamil": "விலைப்பட்டியல் தமிழ்",
    "Telugu": "చలానా తెలుగు",
    "Khmer": "វិក្កយបត្រ",
    "Amharic": "ደረሰኝ ኢትዮጵያ",
    "Gujarati": "ચલણ",
    "Punjabi": "ਚਲਾਨ",
    "Kannada": "ಸರಕುಪಟ್ಟಿ",
    "Malayalam": "ഇൻവോയ്സ്",
    "Sinhala": "ඉන්වොයිසිය",
    "Burmese": "ငွေတောင်းခံလွှာ",
    "Lao": "ໃບແຈ້ງໜີ້",
    "emoji": "🧾 😀 🎉 🚀 👍🏽 👩‍💻 🇩🇪",
    "signs": "€ £ ¥ ₹ ₪ ₺ ₽ ₴ ₩ ₫ ฿ ₦ ₱ ₸ ₿ ﷼ → ✓ – — … № ™ ½",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_has_its_glyphs(printer: Renderer, script: str) -> None:
    clean = Cleaner(printer.fonts.coverage, "ltr")
    assert "\ufffd" not in clean(SCRIPTS[script])
    pdf = printer.render(invoice(rows=(Row((SCRIPTS[script], "1", "€1.00", "€1.00")),)))
    for font in embedded_fonts(pdf):
        assert font.get("/FontFile2") or font.get("/FontFile3")
    shown = set(text_of(pdf))
    assert len(set(SCRIPTS[script]) - shown) <= len(set(SCRIPTS[script])) * 0.2, "an extractor may join a few marks"


SIGNS = ["া", "ா", "ా", "ា", "፟", "ા", "ਾ", "ಾ", "ാ", "ා", "ါ", "ັ", "ା", "🏽", "⃣"]


@pytest.mark.parametrize("sign", SIGNS, ids=[f"{ord(sign):04x}" for sign in SIGNS])
def test_a_sign_of_one_script_on_a_letter_of_another_is_printed(printer: Renderer, sign: str) -> None:
    rows = tuple(Row((f"{letter}{sign}", "1", "1", "1")) for letter in ("A", "я", "請", "ש", "क", "1", "é", " ", "🧾"))
    assert printer.render(invoice(rows=rows))


@pytest.mark.parametrize("word", ["W" * 23, "M" * 33, "ধ" * 40, "ஔ" * 25, "Lieferungen-" + "W" * 25])
@pytest.mark.parametrize("strong", [False, True])
def test_a_word_wider_than_its_column_breaks_before_the_figures(printer: Renderer, word: str, strong: bool) -> None:
    figures = ("1,000,000,000.0000 m²", "€100,000,000,000.00", "€100,000,000,000.00")

    def heights(item: str, *details: str) -> int:
        return len(baselines(printer.render(invoice(rows=(Row((item, *figures), details, strong=strong),)))))

    assert heights(word) > heights("W")
    assert heights("W", word * 2) > heights("W", "W")
    assert heights("Dienstleistungen") == heights("W"), "what fits stays whole"
    assert "\u200b" not in text_of(printer.render(invoice(rows=(Row((word, *figures)),)))), "nor in copied text"


def embedded_fonts(pdf: bytes) -> list[DictionaryObject]:
    """The descriptors of the fonts in the file."""
    resources: list[Any] = [page["/Resources"] for page in read(pdf).pages]
    fonts_of_pages = [font for each in resources for font in each["/Font"].values()]
    return [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts_of_pages]


def test_a_character_without_a_glyph_would_be_refused(printer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """So whatever is rendered has all its glyphs: this is what makes the tests of scripts mean something."""
    monkeypatch.setattr(Cleaner, "__call__", lambda _self, text: text)
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        printer.render(invoice(rows=(Row(("\ua4d0", "1", "1", "1")),)))


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        ("ja", "請求書", "JP"),
        ("ko", "請求書", "KR"),
        ("zh", "请求书", "SC"),
        ("en", "カナ 直", "JP"),
        ("de", "한국 直", "KR"),
        ("ar", "直", "SC"),
    ],
)
def test_chinese_characters_look_as_their_readers_write_them(language: str, text: str, first: str) -> None:
    names = [name for name in fonts.families(language, text) if "CJK" in name]
    assert names[0] == f"Noto Sans CJK {first}"
    assert len(names) == 3


HOSTILE = [
    '#panic("x")', "$ x^2 $", "*bold* _it_ `raw`", "\\u{41} \\", '#read("/etc/passwd")', "@ref <label>", "// gone",
    "/* gone */", "= Heading", "- list", '"quoted" \'single\'', "{1+1} [x] ~ ---", "#import \"@preview/x:1.0.0\"",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_data_is_only_text(printer: Renderer, text: str) -> None:
    assert text.split()[0] in text_of(printer.render(invoice(rows=(Row((text, "1", "1", "1")),))))


@given(text=st.text(max_size=80))
@settings(max_examples=60)
def test_any_text_anywhere_is_printed_as_data(printer: Renderer, text: str) -> None:
    sheet = invoice(
        frame=replace(FRAME, title=f"Invoice {text}", business=text, initial=text[:1], footer=text),
        rows=(Row((text, text, text, text), (text,)),),
        subtitle=text,
        facts=(Fact(text, text),),
    )
    assert printer.render(sheet).startswith(b"%PDF")


def test_a_checksum_follows_every_word_and_the_kind_of_sheet() -> None:
    assert checksum(invoice()) == checksum(invoice())
    assert checksum(invoice()) != checksum(invoice(subtitle="Another"))
    assert checksum(invoice()) != checksum(invoice(frame=replace(FRAME, language="de")))
    assert len({checksum(sheet) for sheet in every_kind().values()}) == 4
