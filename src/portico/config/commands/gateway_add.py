import os
import sys

import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.gateway import AccountField
from portico.domain.payments.registry import gateway_named


@click.command("add", cls=Command)
@click.argument("gateway")
@business_option
def command(gateway: str, slug: str) -> None:
    """Let a business's customers pay through a payment gateway: sandbox moves no money and takes test numbers.

    Its keys are asked for, or taken from the environment: STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY and so on. They are
    never taken from the command line, which everybody on the machine can read. Prints the address that the provider
    has to post its webhooks to.

    \b
    Example:
      portico gateway add sandbox --business nordwind
      portico gateway add stripe --business nordwind
    """
    business = operator_of(slug).business
    entered = {field.name: _value(gateway, field) for field in gateway_named(gateway).account_fields()}
    account = add_gateway(business, gateway, by=OPERATOR, entered=entered)
    click.echo(credentials_of(account).webhook_url)


def _value(gateway: str, field: AccountField) -> str:
    found = os.environ.get(f"{gateway}_{field.name}".upper(), "")
    if found or not sys.stdin.isatty():
        return found
    text = f"{field.label}" if field.required else f"{field.label} (may be empty)"
    typed: str = click.prompt(text, default="", hide_input=field.secret, show_default=False, err=True)
    return typed
