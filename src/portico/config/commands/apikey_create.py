from datetime import timedelta

import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.activity.actor import OPERATOR
from portico.lib.clock import now


@click.command("create", cls=Command)
@business_option
@click.option("--name", required=True, help="What the key is for, as the history will show it.")
@click.option("--days", type=click.IntRange(1, 3650), help="After so many days it opens nothing; for ever without.")
def command(slug: str, name: str, days: int | None) -> None:
    """Make a program's key to a business and print it, once. Portico keeps only a hash.

    \b
    Example:
      portico apikey create --business nordwind --name "Shop" --days 365
      curl -H "Authorization: Bearer $KEY" http://localhost:8000/api/v1/customers
    """
    expires_at = now() + timedelta(days=days) if days else None
    _, secret = create_api_key(operator_of(slug).business, name, by=OPERATOR, expires_at=expires_at)
    click.echo(secret)
    click.echo("This key is shown once. Keep it where programs keep their secrets.", err=True)
