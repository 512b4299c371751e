"""Whether businesses' own domains still lead here, looked up once a day."""

from datetime import timedelta

from django.tasks import task

from portico.domain.custom_domains.actions.check import check_domain
from portico.domain.custom_domains.queries import to_check

_EVERY = timedelta(hours=23)
# Silent name servers take five seconds each, in which no other task of the worker is done; the rest waits for the next
# hour.
_AT_ONCE = 20


@task
def check_domains() -> int:
    """Look up the domains that were not looked at for a day; returns how many."""
    rows = list(to_check(_EVERY)[:_AT_ONCE])
    for domain in rows:
        check_domain(domain)
    return len(rows)
