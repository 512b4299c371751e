import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.domain.payments.actions.gateway_accounts import change_gateway
from portico.domain.payments.queries import gateway_account


@click.command("disable", cls=Command)
@click.argument("gateway")
@business_option
@click.option("--undo", is_flag=True, help="Offer it again.")
def command(gateway: str, slug: str, undo: bool) -> None:
    """Offer a gateway to customers no more. Payments that are under way still end, and refunds still work.

    \b
    Example:
      portico gateway disable sandbox --business nordwind
      portico gateway disable sandbox --business nordwind --undo
    """
    account = gateway_account(operator_of(slug).business, gateway)
    change_gateway(account, {"enabled": undo}, by=OPERATOR)
    click.echo(f"{gateway} is {'enabled' if undo else 'disabled'}.")
