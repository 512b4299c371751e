import click

from portico.config.background import work
from portico.config.command import Service


@click.command("worker", cls=Service)
def command() -> None:
    """Run background work and its schedule, until Ctrl-C.

    `portico serve` does this too; a worker on its own helps another machine with the same database.

    \b
    Example:
      DATABASE_URL=postgresql://portico@db/portico portico worker
    """
    work()
