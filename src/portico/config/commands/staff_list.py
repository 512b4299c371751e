import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.staff.queries import invitations, team

_ROW = "{:<10} {:<17} {:<17} {:<32} {}"


@click.command("list", cls=Command)
@business_option
def command(slug: str) -> None:
    """Show who has access to a business's dashboard, and who is invited. Times are UTC.

    \b
    Example:
      portico staff list --business nordwind
    """
    viewer = operator_of(slug)
    click.echo(_ROW.format("ROLE", "SINCE", "LAST SIGN-IN", "E-MAIL", "NAME"))
    for member in team(viewer):
        user = member.user
        seen = f"{user.last_login:%Y-%m-%d %H:%M}" if user.last_login else "-"
        click.echo(_ROW.format(member.role, f"{member.created_at:%Y-%m-%d %H:%M}", seen, user.email, user.name))
    for link in invitations(viewer):
        state = "expired" if link.state == "expired" else f"until {link.expires_at:%Y-%m-%d %H:%M}"
        click.echo(_ROW.format("invited", f"{link.created_at:%Y-%m-%d %H:%M}", "-", link.email, f"({state})"))
