from datetime import datetime

import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.programs.queries import api_keys

_ROW = "{:<32} {:<12} {:<10} {:<17} {:<17} {:<17} {:<17} {}"


@click.command("list", cls=Command)
@business_option
def command(slug: str) -> None:
    """Show a business's keys, the newest first: id, beginning, state, scopes, and when each was made,
    last used and ends.

    Times are UTC. The secrets themselves are kept nowhere.

    \b
    Example:
      portico apikey list --business nordwind
    """
    viewer = operator_of(slug)
    click.echo(_ROW.format("ID", "KEY", "STATE", "SCOPES", "MADE", "LAST USED", "ENDS", "NAME"))
    for key in api_keys(viewer):
        ends = _at(key.revoked_at or key.expires_at)
        times = (_at(key.created_at), _at(key.last_used_at), ends)
        click.echo(_ROW.format(key.public_id, f"{key.prefix}…", key.state, ",".join(key.scopes), *times, key.name))


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"
