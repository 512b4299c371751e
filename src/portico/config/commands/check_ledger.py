import click

from portico.config.command import Command, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.domain.ledger.check import extent
from portico.domain.payments.actions.repair_balances import repair_balances
from portico.domain.payments.check import all_differences


@click.command("check-ledger", cls=Command)
@click.option("--business", "slug", metavar="SLUG", help="Only this business.")
@click.option("--repair", is_flag=True, help="Store what the facts add up to where something else is stored.")
@click.pass_context
def command(ctx: click.Context, slug: str | None, repair: bool) -> None:
    """Recompute every stored balance from the facts behind it and report differences. Nothing is changed.

    With --repair, balances and open amounts are stored anew as their entries and allocations add up; those facts
    themselves are never changed. Each difference is printed, and everybody else's payments wait meanwhile.

    The exit status is 0 when everything adds up, or does again; 1 when something does not; 2 when it could not be
    checked.

    \b
    Example:
      portico check-ledger --business nordwind
    """
    business = operator_of(slug).business.pk if slug else None
    found = mended = 0
    checked = repair_balances(business, by=OPERATOR) if repair else ((one, False) for one in all_differences(business))
    for difference, done in checked:
        found, mended = found + 1, mended + done
        click.echo(f"{difference}{' (not repaired: look at it)' if repair and not done else ''}")
    accounts, items = extent(business)
    if found > mended:
        click.echo(f"The ledger does not add up: {found - mended} differences.", err=True)
        ctx.exit(1)
    if mended:
        click.echo(f"Repaired: {mended} differences.")
    click.echo(f"The ledger adds up: {accounts} accounts, {items} items checked.")
