import click
from django.conf import settings

from portico.config.command import Command
from portico.domain.access.actions.recognize_keys import recognize_keys


class _WithOtherKeys(Command):
    with_other_keys = True


@click.command("accept-keys", cls=_WithOtherKeys)
@click.confirmation_option(prompt="Every link, session and API key made so far ends. Go on?")
def command() -> None:
    """Go on with this installation's secret keys after those that the database was written with are lost.

    Every link, session and API key made so far ends, and what was encrypted stays unreadable. Put the former
    secret-keys back instead where there is a copy.

    \b
    Example:
      portico accept-keys --yes
    """
    recognize_keys(accept_others=True)
    click.echo(f"The database goes on with the keys in {settings.PORTICO_HOME / 'secret-keys'}.")
