import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.payments.queries import gateway_accounts

_ROW = "{:<12} {:<9} {:<24} {}"


@click.command("list", cls=Command)
@business_option
def command(slug: str) -> None:
    """Show the gateways a business uses, in the order its customers see them: state, methods, last webhook (UTC).

    \b
    Example:
      portico gateway list --business nordwind
    """
    business = operator_of(slug).business
    click.echo(_ROW.format("GATEWAY", "STATE", "METHODS", "LAST WEBHOOK"))
    for account in gateway_accounts(business):
        state = "enabled" if account.enabled else "disabled"
        received = account.webhook_received_at
        last = account.webhook_error or (f"{received:%Y-%m-%d %H:%M}" if received else "-")
        click.echo(_ROW.format(account.gateway, state, ",".join(account.methods), last))
