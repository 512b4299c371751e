import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.programs.actions.revoke_api_key import revoke_api_key
from portico.domain.access.programs.queries import api_key
from portico.domain.activity.actor import OPERATOR


@click.command("revoke", cls=Command)
@click.argument("key")
@business_option
def command(key: str, slug: str) -> None:
    """End a program's key, named by its id, its name or its first characters. It opens nothing from now on.

    \b
    Example:
      portico apikey revoke Shop --business nordwind
    """
    ended = revoke_api_key(api_key(operator_of(slug), key), by=OPERATOR)
    click.echo(f"{ended.public_id} ({ended.name}) is revoked.")
