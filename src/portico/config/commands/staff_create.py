import secrets
import sys
from collections.abc import Callable

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portico.config.command import Command, business_option, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Membership, User
from portico.lib.errors import Invalid
from portico.lib.one_line import validate_email


@click.command("create", cls=Command)
@business_option
@click.option("--email", required=True, help="The address this person signs in with.")
@click.option("--name", default="", help="The person's name, as the history will show it.")
@click.option(
    "--role",
    type=click.Choice(Membership.Role.values),
    help="What they may do: the first is an owner, everybody else a member unless you say so.",
)
@click.option("--password", help="Asked for on a terminal, and otherwise made up and printed once.")
def command(slug: str, email: str, name: str, role: str | None, password: str | None) -> None:
    """Give somebody access to a business's dashboard.

    Somebody who has an account already keeps its password.

    \b
    Example:
      portico staff create --business nordwind --email ida@nordwind.example --name "Ida Lund"
    """
    business = operator_of(slug).business
    place = Membership.Role(role) if role else None
    check(validate_email, email)
    if User.objects.filter(email__iexact=email).exists():
        create_staff(business, email, "", by=OPERATOR, role=place)
        click.echo(f"{email} now belongs to {business.name} too; the password stays.")
        return
    chosen = password_for(password)
    create_staff(business, email, chosen, by=OPERATOR, name=name, role=place)
    click.echo(f"{email} can sign in to {business.name}.", err=True)
    if not password:
        click.echo(f"Password, shown this once: {chosen}")


def password_for(given: str | None) -> str:
    """Return the password that was given, typed on a terminal, or else made up. Raises Invalid for a poor one."""
    chosen = given or _asked() or secrets.token_urlsafe(12)
    check(validate_password, chosen)
    return chosen


def _asked() -> str:
    if not sys.stdin.isatty():
        return ""
    answer: str = click.prompt("Password (empty: make one up)", default="", hide_input=True, show_default=False)
    return answer


def check(validate: Callable[[str], object], value: str) -> None:
    """Say what one of Django's validators says. Raises Invalid."""
    try:
        validate(value)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
