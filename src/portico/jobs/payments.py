"""Tasks that keep payments going. Each may run twice, or be missed once, without harm."""

from django.tasks import task

from portico.domain.payments.actions import sweep_attempts
from portico.domain.payments.registry import gateways


@task
def left_open() -> int:
    """Ask the providers about attempts that were left open; returns how many came to an end."""
    return sweep_attempts.sweep_attempts()


@task
def keep_up() -> None:
    """Let each gateway do what its provider does not do by itself."""
    for gateway in gateways().values():
        gateway.keep_up()
