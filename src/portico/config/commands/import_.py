from pathlib import Path

import click

from portico.config.command import Command, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.intake.actions.import_file import Run
from portico.intake.report import exit_status, further_lines, report_line, review_lines
from portico.intake.review import doubtful_customers
from portico.intake.source import pdf_beside

_STANDARD_INPUT = "-"


@click.command("import", cls=Command)
@click.argument("files", nargs=-1)
@click.option("--business", "slug", metavar="SLUG", help="The business, by its slug. A review takes all without it.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--review", is_flag=True, help="List the customers whose imported documents name different buyers.")
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], slug: str | None, dry_run: bool, review: bool) -> None:
    """Import UBL invoices and credit notes: EN 16931, XRechnung, Peppol BIS Billing 3.

    Each file is taken whole or not at all, and gets one line: imported, unchanged, or refused with the reason and where
    in the file it lies. The buyer becomes a customer, or is known again. Importing a file once more changes nothing.
    The exit status is 0 when all is fine and 2 when some files were refused. A - reads standard input.

    A PDF that lies beside a file under the same name, R-1.pdf beside R-1.xml, is taken along as the document itself.

    With --review nothing is imported: it lists each customer that has imported documents of buyers with different
    electronic addresses of one scheme, with the addresses and the documents' numbers. The exit status is 0.

    \b
    Example:
      portico import invoices/*.xml --business nordwind --dry-run
      portico import invoices/*.xml --business nordwind
      portico import --review
    """
    if review:
        _review(files, slug)
        return
    if not files:
        raise click.UsageError("Missing argument 'FILES...'.")
    if slug is None:
        raise click.UsageError("Missing option '--business'.")
    run = Run(operator_of(slug).business, by=OPERATOR, dry_run=dry_run)
    beside = {name: None if name == _STANDARD_INPUT else pdf_beside(Path(name)) for name in files}
    along, outcomes = set(beside.values()), []
    for name in files:
        path = Path("/dev/stdin") if name == _STANDARD_INPUT else Path(name)
        if path in along:
            continue
        outcome = run.take(path, name=name, pdf=beside[name])
        click.echo("\n".join([report_line(outcome, dry_run=dry_run), *further_lines(outcome)]))
        outcomes.append(outcome)
    ctx.exit(exit_status(outcomes))


def _review(files: tuple[str, ...], slug: str | None) -> None:
    if files:
        raise click.UsageError("--review takes no files: it looks at what was imported.")
    found = doubtful_customers(operator_of(slug).business.pk if slug else None)
    for doubt in found:
        click.echo("\n".join(review_lines(doubt)))
    if not found:
        click.echo("Nothing to review.")
