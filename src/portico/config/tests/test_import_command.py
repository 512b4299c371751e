"""`portico import`, as somebody types it."""

from pathlib import Path

import pytest

from portico.config.cli import run
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Account
from portico.intake.ubl.tests.samples import Row, Sample
from portico.lib.money import MAX_BALANCE
from portico.output.pdf.pdf_files import document_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business() -> None:
    create_business(BusinessInput("Nordlicht", "nordlicht", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


def test_each_file_gets_its_line_and_a_bad_one_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(Sample().bytes())
    bad.write_bytes(Sample().bytes().replace(b"2026-03-14", b"14.3.2026"))
    missing = tmp_path / "missing.xml"
    arguments = ["import", str(bad), str(missing), str(good), "--business", "nordlicht"]
    assert run([*arguments, "--dry-run"]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert not Document.objects.exists()
    assert run(arguments) == 2
    customer = Document.objects.get().customer.public_id
    assert capsys.readouterr().out.splitlines() == [
        f"refused {bad}: line 6, cbc:IssueDate: “14.3.2026” is not a date like 2026-01-31.",
        f"refused {missing}: there is no such file.",
        f"imported {good}: invoice 2026-0117, Fjord & Söhne AS ({customer}), EUR 119.00 due",
    ]
    assert lines[:2] == [
        f"refused {bad}: line 6, cbc:IssueDate: “14.3.2026” is not a date like 2026-01-31.",
        f"refused {missing}: there is no such file.",
    ]
    assert lines[2].startswith(f"would be imported {good}: ")
    assert Document.objects.count() == 1
    assert run(["import", str(good), "--business", "nordlicht"]) == 0
    assert capsys.readouterr().out.startswith("unchanged ")


def test_a_pdf_comes_along_with_the_file_of_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "R-1.xml").write_bytes(Sample(number="R-1").bytes())
    (tmp_path / "R-1.pdf").write_bytes(b"%PDF-1.7\nlaid out elsewhere\n%%EOF\n")
    (tmp_path / "R-2.pdf").write_bytes(b"%PDF-1.7\nalone\n%%EOF\n")
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    for dry in (["--dry-run"], []):
        assert run(["import", *files, "--business", "nordlicht", *dry]) == 2
        imported, own, refused = capsys.readouterr().out.splitlines()
        assert f"imported {tmp_path / 'R-1.xml'}: " in imported
        assert own == "  its own PDF: R-1.pdf"
        assert refused.startswith(f"refused {tmp_path / 'R-2.pdf'}: this is a PDF, not XML")
    assert document_pdf(Document.objects.get(), "en") == b"%PDF-1.7\nlaid out elsewhere\n%%EOF\n"


def test_many_files_that_are_fine_end_with_zero(tmp_path: Path) -> None:
    files = []
    for number in range(3):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(Sample(number=str(number), rows=[Row(price=str(number))]).bytes())
        files.append(str(path))
    assert run(["import", *files, "--business", "nordlicht"]) == 0
    assert Document.objects.count() == 3


def test_an_unknown_business_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(tmp_path / "x.xml"), "--business", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
    assert run(["import", "--business", "nordlicht"]) == 2


def test_import_beyond_an_accounts_limit_is_refused_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "1.xml", tmp_path / "2.xml"
    first.write_bytes(Sample(number="1").bytes())
    second.write_bytes(Sample(number="2").bytes())
    assert run(["import", str(first), "--business", "nordlicht"]) == 0
    Account.objects.update(balance=MAX_BALANCE)
    capsys.readouterr()
    assert run(["import", str(second), "--business", "nordlicht"]) == 2
    assert "balance would become too large" in capsys.readouterr().out
    assert Document.objects.get().number == "1"
    assert Account.objects.get().balance == MAX_BALANCE


def test_amount_beyond_the_limit_is_refused_where_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "1.xml"
    path.write_bytes(Sample(rows=[Row(price="10000000000000.01")]).bytes())
    assert run(["import", str(path), "--business", "nordlicht"]) == 2
    assert "is larger than an amount can be" in capsys.readouterr().out
    assert not Document.objects.exists()
