from itertools import chain

import click

from portico.config.command import Command, operator_of
from portico.domain.documents import check as documents
from portico.domain.ledger import check as ledger
from portico.domain.payments import check as payments


@click.command("check-ledger", cls=Command)
@click.option("--business", "slug", metavar="SLUG", help="Only this business.")
@click.pass_context
def command(ctx: click.Context, slug: str | None) -> None:
    """Recompute every stored balance from the facts behind it and report differences. Nothing is changed.

    The exit status is 0 when everything adds up, 1 when something does not, 2 when it could not be checked.

    \b
    Example:
      portico check-ledger --business nordwind
    """
    business = operator_of(slug).business.pk if slug else None
    found = 0
    for difference in chain.from_iterable(part.differences(business) for part in (ledger, documents, payments)):
        found += 1
        click.echo(str(difference))
    accounts, items = ledger.extent(business)
    if found:
        click.echo(f"The ledger does not add up: {found} differences.", err=True)
        ctx.exit(1)
    click.echo(f"The ledger adds up: {accounts} accounts, {items} items checked.")
