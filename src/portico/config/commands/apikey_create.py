import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.actions.api_key import create_api_key
from portico.domain.activity.actor import OPERATOR


@click.command("create", cls=Command)
@business_option
@click.option("--name", required=True, help="What the key is for, as the history will show it.")
def command(slug: str, name: str) -> None:
    """Make a program's key to a business and print it, once. Portico keeps only a hash.

    \b
    Example:
      portico apikey create --business nordwind --name "Shop"
      curl -H "Authorization: Bearer $KEY" http://localhost:8000/api/v1/customers
    """
    _, secret = create_api_key(operator_of(slug).business, name, by=OPERATOR)
    click.echo(secret)
    click.echo("This key is shown once. Keep it where programs keep their secrets.", err=True)
