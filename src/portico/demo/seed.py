"""The demonstration's two years, written with the domain's actions.

The data is the same every time, and ends today: every day in it is so many days before the day it is made.
"""

import gc

from django.db import transaction

from portico.demo import nordwind_events, safat_events
from portico.demo.business import DemoBusiness
from portico.demo.nordwind import NORDWIND
from portico.demo.safat import SAFAT

_BUSINESSES = ((NORDWIND, nordwind_events.add_events), (SAFAT, safat_events.add_events))


def seed(password: str) -> None:
    """Make both businesses and all that happened; `password` opens their dashboards. All or nothing."""
    # Two years of rows are made at once and hardly any garbage: collecting it would take a tenth of the time.
    gc.disable()
    try:
        _seed(password)
    finally:
        gc.enable()


@transaction.atomic
def _seed(password: str) -> None:
    for definition, add_events in _BUSINESSES:
        demo = DemoBusiness(definition, password)
        demo.add_regular_invoices()
        add_events(demo)
        demo.timeline.run()
