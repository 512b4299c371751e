from datetime import timedelta

import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.models import ApiScope
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.activity.actor import OPERATOR
from portico.lib.clock import now


@click.command("create", cls=Command)
@business_option
@click.option("--name", required=True, help="What the key is for, as the history will show it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(ApiScope.values),
    help="What it may do; several times for more, everything without: read, write, or make links for customers.",
)
@click.option("--days", type=click.IntRange(1, 3650), help="After so many days it opens nothing; for ever without.")
def command(slug: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a program's key to a business and print it, once. Portico keeps only a hash.

    \b
    Example:
      portico apikey create --business nordwind --name "Shop" --scope read --days 365
      curl -H "Authorization: Bearer $KEY" http://localhost:8000/api/v1/customers
    """
    chosen = [ApiScope(scope) for scope in scopes] or list(ApiScope)
    expires_at = now() + timedelta(days=days) if days else None
    _, secret = create_api_key(operator_of(slug).business, name, by=OPERATOR, scopes=chosen, expires_at=expires_at)
    click.echo(secret)
    click.echo("This key is shown once. Keep it where programs keep their secrets.", err=True)
