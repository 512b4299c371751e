from datetime import timedelta

import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.access.programs.actions.rotate_api_key import LONGEST_GRACE, rotate_api_key
from portico.domain.access.programs.queries import api_key
from portico.domain.activity.actor import OPERATOR


@click.command("rotate", cls=Command)
@click.argument("key")
@business_option
@click.option(
    "--hours",
    type=click.IntRange(0, LONGEST_GRACE.days * 24),
    default=24,
    show_default=True,
    help="How long the former key goes on.",
)
def command(key: str, slug: str, hours: int) -> None:
    """Print a new key in place of one named by its id, its name or its first characters.

    It has the same name and scopes, and as long a life. The former goes on for a while, so that programs can change
    over without a gap.

    \b
    Example:
      portico apikey rotate Shop --business nordwind --hours 48
    """
    former = api_key(operator_of(slug), key)
    _, secret = rotate_api_key(former, grace=timedelta(hours=hours), by=OPERATOR)
    click.echo(secret)
    rest = f"The former goes on for {hours} hours." if hours else "The former opens nothing any more."
    click.echo(f"This key is shown once. {rest}", err=True)
