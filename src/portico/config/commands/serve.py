import os
from pathlib import Path

import click
from django.conf import settings

from portico.config.certificates import Certificate
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
@click.option(
    "--tls-cert",
    envvar="PORTICO_TLS_CERT",
    type=click.Path(path_type=Path),
    help="Answer in TLS with this certificate and its chain, a PEM file. PORTICO_TLS_CERT says so too.",
)
@click.option(
    "--tls-key",
    envvar="PORTICO_TLS_KEY",
    type=click.Path(path_type=Path),
    help="The certificate's key, a PEM file. PORTICO_TLS_KEY says so too.",
)
def command(host: str, port: int, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Run the portal, its worker and its scheduler, until Ctrl-C.

    PORTICO_BASE_URL is the address people use, when it is not http://localhost with this port. Behind a proxy, name it
    in PORTICO_TRUSTED_PROXIES.

    \b
    Example:
      PORTICO_BASE_URL=https://billing.example.com portico serve --port 8000
    """
    certificate = _certificate(tls_cert, tls_key)
    serve(host, port, access_log=settings.PORTICO_ACCESS_LOG, announce=_announce, certificate=certificate)


def _certificate(chain: Path | None, key: Path | None) -> Certificate | None:
    if chain is None and key is None:
        return None
    if chain is None or key is None:
        raise click.UsageError("--tls-cert and --tls-key go together.")
    if not settings.PORTICO_HTTPS:
        raise click.UsageError("With a certificate, PORTICO_BASE_URL has to be the https:// address that it is for.")
    certificate = Certificate(chain, key)
    if refusal := certificate.refusal():
        raise click.UsageError(refusal)
    return certificate


def _announce() -> None:
    click.echo(f"Portico answers at {settings.PORTICO_BASE_URL}")
