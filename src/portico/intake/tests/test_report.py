from portico.intake.outcome import Outcome
from portico.intake.report import exit_status, report_line

DONE = Outcome("a.xml", "imported", kind="credit_note", number="7", customer="Acme GmbH", currency="EUR", payable=33690)
REFUSED = Outcome("b.xml", "refused", reason="“x” is not a date.", where="line 12, cbc:IssueDate", line=12)


def test_each_outcome_is_one_line() -> None:
    assert report_line(DONE) == "imported a.xml: credit note 7, Acme GmbH, EUR 336.90 due"
    assert report_line(DONE, dry_run=True).startswith("would be imported a.xml: ")
    unchanged = Outcome("a.xml", "unchanged", kind="invoice", number="7", customer="A", currency="JPY", payable=-500)
    assert report_line(unchanged, dry_run=True) == "unchanged a.xml: invoice 7, A, JPY -500 due"
    assert report_line(REFUSED) == "refused b.xml: line 12, cbc:IssueDate: “x” is not a date."
    assert report_line(Outcome("c", "refused", reason="the file is empty.")) == "refused c: the file is empty."


def test_nothing_from_a_file_breaks_the_line_or_the_terminal() -> None:
    odd = Outcome("a\n\x1b[31m\udcff.xml", "refused", reason="“a\nb\u202e” is no number.")
    line = report_line(odd)
    assert line.isprintable()
    assert "\n" not in line


def test_the_exit_status_is_two_when_some_are_refused() -> None:
    assert exit_status([DONE]) == 0
    assert exit_status([]) == 0
    assert exit_status([DONE, REFUSED]) == 2
