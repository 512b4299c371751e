import click

from portico.config.command import Command
from portico.config.commands.staff_create import password_for
from portico.domain.access.staff.actions.passwords import set_password
from portico.domain.access.staff.queries import account_of
from portico.domain.activity.actor import OPERATOR
from portico.lib.errors import NotFound


@click.command("reset-password", cls=Command)
@click.argument("email")
@click.option("--password", help="Asked for on a terminal, and otherwise made up and printed once.")
def command(email: str, password: str | None) -> None:
    """Give a member of staff a new password. They are signed out everywhere; a second factor stays.

    \b
    Example:
      portico staff reset-password ida@nordwind.example
    """
    user = account_of(email)
    if user is None:
        raise NotFound(f"Nobody signs in with {email}.")
    chosen = password_for(password)
    set_password(user, chosen, by=OPERATOR)
    click.echo(f"{user.email} signs in with a new password from now on.", err=True)
    if not password:
        click.echo(f"Password, shown this once: {chosen}")
