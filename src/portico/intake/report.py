"""What an import says: one line per file, and an exit status."""

from collections.abc import Iterable

from portico.intake.outcome import Outcome
from portico.intake.review import Doubt
from portico.lib.money import to_major

ALL_FINE = 0
SOME_REFUSED = 2


def report_line(outcome: Outcome, *, dry_run: bool = False) -> str:
    """Return the one line about a file, such as `imported a.xml: invoice 7, Acme GmbH (cus_…), EUR 1.90 due`."""
    name = _on_one_line(outcome.name)
    if outcome.status == "refused":
        where = f"{outcome.where}: " if outcome.where else ""
        return f"refused {name}: {where}{_on_one_line(outcome.reason)}"
    status = "would be imported" if dry_run and outcome.status == "imported" else outcome.status
    document = f"{outcome.kind.replace('_', ' ')} {outcome.number}"
    amount = f"{outcome.currency} {to_major(outcome.payable, outcome.currency):f} due"
    there = outcome.document
    customer = f"{outcome.customer} ({there.customer.public_id})" if there else outcome.customer
    return f"{status} {name}: {_on_one_line(f'{document}, {customer}, {amount}')}"


def further_lines(outcome: Outcome) -> list[str]:
    """Return a line for the PDF that a document has of its own, and for each doubtful thing in a file that is taken."""
    if outcome.status != "imported":
        return []
    own = [f"  its own PDF: {_on_one_line(outcome.own_pdf)}"] if outcome.own_pdf else []
    return own + [f"  warning: {_on_one_line(warning)}" for warning in outcome.warnings]


def review_lines(doubt: Doubt) -> list[str]:
    """Return what is to be looked at: the customer, and a line for each electronic address with its documents."""
    customer = doubt.customer
    lines = [f"{customer.business.slug}: {customer.name} ({customer.public_id}) has documents of different buyers:"]
    for address, documents in doubt.by_address.items():
        names = ", ".join(f"{document.kind.replace('_', ' ')} {document.number}" for document in documents)
        lines.append(f"  {address.scheme}:{address.value} ({documents[0].buyer['name']}): {names}")
    return [_on_one_line(line) for line in lines]


def exit_status(outcomes: Iterable[Outcome]) -> int:
    """Return 0 when every file is imported or unchanged, 2 when some are refused."""
    return SOME_REFUSED if any(outcome.status == "refused" for outcome in outcomes) else ALL_FINE


def _on_one_line(text: str) -> str:
    """Nothing that breaks the line or plays with the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
