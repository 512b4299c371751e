import click

from portico.config.command import Command
from portico.domain.access.staff.actions.second_factor import reset_second_factor
from portico.domain.access.staff.queries import account_of
from portico.domain.activity.actor import OPERATOR
from portico.lib.errors import NotFound


@click.command("reset-mfa", cls=Command)
@click.argument("email")
def command(email: str) -> None:
    """Take the second factors away from somebody who lost them. They are signed out everywhere.

    Make sure who asks for it: the password alone opens the account until a new one is set up.

    \b
    Example:
      portico staff reset-mfa ida@nordwind.example
    """
    user = account_of(email)
    if user is None:
        raise NotFound(f"Nobody signs in with {email}.")
    removed = reset_second_factor(user, by=OPERATOR)
    click.echo(f"{user.email} signs in without a second factor." if removed else f"{user.email} had none.")
