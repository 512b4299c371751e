"""The demonstration's two years, told through the same actions as everything else.

The story is the same every time, and ends today: every day in it is so many days before the day it is made.
"""

import gc

from django.db import transaction

from portico.demo import nordwind_events as nordwind_scenes
from portico.demo import safat_events as safat_scenes
from portico.demo.business import Troupe
from portico.demo.nordwind import NORDWIND
from portico.demo.safat import SAFAT

_STORY = ((NORDWIND, nordwind_scenes.play), (SAFAT, safat_scenes.play))


def tell(password: str) -> None:
    """Make both businesses and all that happened; `password` opens their dashboards. All or nothing."""
    # Two years of rows are made at once and hardly any garbage: collecting it would take a tenth of the time.
    gc.disable()
    try:
        _tell(password)
    finally:
        gc.enable()


@transaction.atomic
def _tell(password: str) -> None:
    for script, scenes in _STORY:
        troupe = Troupe(script, password)
        troupe.trade()
        scenes(troupe)
        troupe.stage.play()
