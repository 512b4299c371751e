import click

from portico.config.command import Command, operator_of
from portico.domain.access.queries import all_businesses
from portico.domain.payments.actions.rebuild_search import rebuild_search


@click.command("rebuild", cls=Command)
@click.option("--business", "slug", metavar="SLUG", help="Only this business.")
def command(slug: str | None) -> None:
    """Make the index anew by which customers, documents and payments are found, and say how many words were wrong.

    Every change keeps it up to date, so there are none after a restore or a crash either. It may run while people work.

    \b
    Example:
      portico search rebuild --business nordwind
    """
    for business in [operator_of(slug).business] if slug else all_businesses():
        click.echo(f"{business.slug}: {sum(rebuild_search(business.pk))} words set right.")
