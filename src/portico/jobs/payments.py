"""Tasks that keep payments going. Each may run twice, or be missed once, without harm."""

from django.tasks import task

from portico.domain.payments.actions import collect, remind, sweep_attempts, sweep_refunds, warn_of_expiry
from portico.domain.payments.registry import gateways


@task
def left_open() -> int:
    """Ask the providers about attempts and refunds that were left open; returns how many came to an end."""
    return sweep_attempts.sweep_attempts() + sweep_refunds.sweep_refunds()


@task
def autopay() -> int:
    """Collect the invoices of AutoPay whose time has come; returns how many attempts were begun."""
    return collect.collect_due()


@task
def expiring_methods() -> int:
    """Announce the methods of AutoPay that expire soon; returns how many."""
    return warn_of_expiry.warn_of_expiry()


@task
def reminders() -> int:
    """Announce the instalments and collections of the next days; returns how many."""
    return remind.remind()


@task
def keep_up() -> None:
    """Let each gateway do what its provider does not do by itself."""
    for gateway in gateways().values():
        gateway.keep_up()
