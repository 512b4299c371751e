import os

import click
from django.conf import settings

from portico.config.command import Service
from portico.config.server import serve

host_option = click.option(
    "--host",
    default=os.environ.get("PORTICO_HOST") or "127.0.0.1",
    show_default=True,
    help="The address to listen at; 0.0.0.0 for every one. PORTICO_HOST says so too.",
)
port_option = click.option(
    "--port",
    default=8000,
    envvar="PORT",
    show_default=True,
    type=click.IntRange(1, 65535),
    help="The port to listen at. PORT says so too.",
)


@click.command("serve", cls=Service)
@host_option
@port_option
def command(host: str, port: int) -> None:
    """Run the portal, its worker and its scheduler, until Ctrl-C.

    PORTICO_BASE_URL is the address people use, when it is not http://localhost with this port. Behind a proxy, name it
    in PORTICO_TRUSTED_PROXIES.

    \b
    Example:
      PORTICO_BASE_URL=https://billing.example.com portico serve --port 8000
    """
    serve(host, port, access_log=settings.PORTICO_ACCESS_LOG, announce=_announce)


def _announce() -> None:
    click.echo(f"Portico answers at {settings.PORTICO_BASE_URL}")
