import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.domain.payments.actions.gateway_accounts import remove_gateway
from portico.domain.payments.queries import gateway_account


@click.command("remove", cls=Command)
@click.argument("gateway")
@business_option
def command(gateway: str, slug: str) -> None:
    """Forget a gateway and its keys. One that has payments or saved methods can only be disabled.

    \b
    Example:
      portico gateway remove stripe --business nordwind
    """
    remove_gateway(gateway_account(operator_of(slug).business, gateway), by=OPERATOR)
    click.echo(f"{gateway} is removed.")
