import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.portal_urls import portal_base
from portico.domain.activity.actor import OPERATOR


@click.command("create", cls=Command)
@business_option
def command(slug: str) -> None:
    """Make a key that a business signs its own sign-in links with, and print it, once.

    Two can work at the same time: make the second, let the business's programs use it, then revoke the first in the
    dashboard under Portal, Sign-in.

    \b
    Example:
      KEY=$(portico magic-key create --business nordwind)
    """
    business = operator_of(slug).business
    _, secret = create_magic_key(business, by=OPERATOR)
    click.echo(secret)
    click.echo(f"This key is shown once. Signed links begin with {portal_base(business)}login/", err=True)
