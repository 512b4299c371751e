"""The demonstration's two years, told through the same actions as everything else.

The story is the same every time, and ends today: every day in it is so many days before the day it is made.
"""

import gc

from django.db import transaction

from portico.config.demo import nordwind_scenes, safat_scenes
from portico.config.demo.nordwind import NORDWIND
from portico.config.demo.safat import SAFAT
from portico.config.demo.troupe import Troupe

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
