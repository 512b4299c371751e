from pathlib import Path

import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.intake.actions.import_file import Run
from portico.intake.report import exit_status, report_line

_STANDARD_INPUT = "-"


@click.command("import", cls=Command)
@click.argument("files", nargs=-1, required=True)
@business_option
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], slug: str, dry_run: bool) -> None:
    """Import UBL invoices and credit notes: EN 16931, XRechnung, Peppol BIS Billing 3.

    Each file is taken whole or not at all, and gets one line: imported, unchanged, or refused with the reason and where
    in the file it lies. The buyer becomes a customer, or is known again. Importing a file once more changes nothing.
    The exit status is 0 when all is fine and 2 when some files were refused. A - reads standard input.

    \b
    Example:
      portico import invoices/*.xml --business nordwind --dry-run
      portico import invoices/*.xml --business nordwind
    """
    run = Run(operator_of(slug).business, by=OPERATOR, dry_run=dry_run)
    outcomes = []
    for name in files:
        path = Path("/dev/stdin") if name == _STANDARD_INPUT else Path(name)
        outcome = run.take(path, name=name)
        click.echo(report_line(outcome, dry_run=dry_run))
        outcomes.append(outcome)
    ctx.exit(exit_status(outcomes))
