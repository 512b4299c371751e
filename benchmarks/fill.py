"""Run as `python -m benchmarks.fill NAME`: makes the installation that the environment names and fills it."""

import os
import sys

import django

from benchmarks.datasets import DATA_SETS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
django.setup()

from benchmarks.filling import Filling  # noqa: E402  # models can be imported only now
from benchmarks.tables import unguarded  # noqa: E402  # as above
from portico.config.ready import ready  # noqa: E402  # as above
from portico.lib.clock import today  # noqa: E402  # as above

if __name__ == "__main__":
    ready()
    with unguarded():
        Filling(DATA_SETS[sys.argv[1]], today("Europe/Berlin")).write()
