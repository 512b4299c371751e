from collections.abc import Iterator
from itertools import chain
from uuid import UUID

import click
from django.db import transaction

from portico.config.command import Command, operator_of
from portico.domain.documents import check as documents
from portico.domain.ledger import check as ledger
from portico.domain.ledger.actions.lock import lock_accounts
from portico.domain.ledger.check import Difference
from portico.domain.payments import check as payments


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
    found, mended = _repaired(business) if repair else (_printed(_differences(business)), 0)
    accounts, items = ledger.extent(business)
    if found > mended:
        click.echo(f"The ledger does not add up: {found - mended} differences.", err=True)
        ctx.exit(1)
    if mended:
        click.echo(f"Repaired: {mended} differences.")
    click.echo(f"The ledger adds up: {accounts} accounts, {items} items checked.")


def _differences(business: UUID | None) -> Iterator[Difference]:
    # In this order: what documents and payments say is compared with the ledger as it was just repaired.
    return chain.from_iterable(part.differences(business) for part in (ledger, documents, payments))


def _printed(differences: Iterator[Difference]) -> int:
    found = 0
    for difference in differences:
        found += 1
        click.echo(str(difference))
    return found


@transaction.atomic
def _repaired(business: UUID | None) -> tuple[int, int]:
    """Repair what can be, and return how many differences there were and how many of them are mended."""
    lock_accounts(business)
    found = mended = 0
    for part in (ledger, documents, payments):
        for difference in list(part.differences(business)):
            done = difference.repair()
            found, mended = found + 1, mended + done
            click.echo(f"{difference}{'' if done else ' (not repaired: look at it)'}")
    return found, mended
