"""Exports opened by LibreOffice, in an English and in a German installation: days are days, amounts are numbers."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from portico.output.exports.formats import chunks
from portico.output.exports.table import Amount, Cell, Format, Table

SOFFICE = shutil.which("soffice")

pytestmark = pytest.mark.skipif(
    SOFFICE is None, reason="soffice is not installed: apt-get install libreoffice-calc-nogui"
)

ROWS: list[list[Cell]] = [
    ["INV-0739", date(2026, 3, 5), Amount(-283101, "EUR"), 44, "=1+1"],
    ["0815", date(2026, 11, 30), Amount(60000, "JPY"), None, "Müller; Söhne, „Ärzte“"],
    ["2026-12", date(1999, 12, 31), Amount(123456789, "KWD"), 1, "+49 30 1"],
]
_LOCALES = {"en": "en-GB", "de": "de-DE"}
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop>
</item>
</oor:items>
"""


def opened(file: Path, locale: str, separator: str = "") -> list[list[tuple[str, str]]]:
    """Return the type and the value of each cell, as LibreOffice has them when it opens the file."""
    profile = file.parent / f"profile-{locale}"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(locale))
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "fods"]
    if separator:
        # Separator, quote, UTF-8, first line, no formats, the installation's language, numbers and days are found.
        command.append(f"--infilter=CSV:{ord(separator)},34,76,1,,0,false,true")
    done = subprocess.run(
        [*command, "--outdir", str(file.parent), str(file)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    tree = etree.parse(file.with_suffix(".fods"))
    rows = tree.iterfind(".//table:table-row", _NAMES)
    return [cells for row in rows if (cells := [_cell(cell) for cell in row.iterfind("table:table-cell", _NAMES)])]


def _cell(cell: etree._Element) -> tuple[str, str]:
    kind = cell.get(f"{{{_NAMES['office']}}}value-type") or ""
    value = cell.get(f"{{{_NAMES['office']}}}date-value") or cell.get(f"{{{_NAMES['office']}}}value")
    assert cell.get(f"{{{_NAMES['table']}}}formula") is None, "nothing that was typed is a formula"
    return kind, value or "".join(cell.itertext()).strip()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("wanted", [Format.XLSX, Format.LOCAL])
def test_it_opens_as_what_it_is(tmp_path: Path, wanted: Format, language: str) -> None:
    table = Table("Invoices", lambda: ["Number", "Day", "Amount", "Days", "Note"], ROWS, lambda row: row, language)
    file = tmp_path / f"list{wanted.suffix}"
    file.write_bytes(b"".join(chunks(table, wanted)))
    separator = "" if wanted is Format.XLSX else ";" if language == "de" else ","
    header, *rows = opened(file, _LOCALES[language], separator)
    assert [text for _, text in header[:5]] == ["Number", "Day", "Amount", "Days", "Note"]
    assert [row[1] for row in rows[:3]] == [("date", "2026-03-05"), ("date", "2026-11-30"), ("date", "1999-12-31")]
    assert [row[2] for row in rows[:3]] == [("float", "-2831.01"), ("float", "60000"), ("float", "123456.789")]
    assert rows[0][3] == ("float", "44")
    assert rows[0][0] == ("string", "INV-0739")
    kind, note = rows[0][4]
    assert (kind, note.removeprefix("'")) == ("string", "=1+1")
    assert rows[1][4] == ("string", "Müller; Söhne, „Ärzte“")
    if wanted is Format.XLSX:
        # Numbers of documents stay text, with their zeros; CSV can't say so.
        assert [row[0] for row in rows[:3]] == [("string", "INV-0739"), ("string", "0815"), ("string", "2026-12")]
