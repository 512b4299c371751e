import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.credentials import credentials_of


@click.command("add", cls=Command)
@click.argument("gateway")
@business_option
def command(gateway: str, slug: str) -> None:
    """Let a business's customers pay through a payment gateway: sandbox moves no money and takes test numbers.

    Prints the address that the provider has to post its notices to.

    \b
    Example:
      portico gateway add sandbox --business nordwind
    """
    account = add_gateway(operator_of(slug).business, gateway, by=OPERATOR)
    click.echo(credentials_of(account).webhook_url)
