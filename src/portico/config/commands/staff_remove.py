import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.staff.actions.change_team import remove_staff
from portico.domain.access.staff.queries import member
from portico.domain.activity.actor import OPERATOR


@click.command("remove", cls=Command)
@click.argument("email")
@business_option
def command(email: str, slug: str) -> None:
    """Take somebody's access to a business away; they are signed out at once. The last owner stays.

    \b
    Example:
      portico staff remove ida@nordwind.example --business nordwind
    """
    place = member(operator_of(slug), email)
    remove_staff(place, by=OPERATOR)
    click.echo(f"{place.user.email} no longer has access to {place.business.name}.")
