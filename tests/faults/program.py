"""Portico as the harness runs it: `python -m tests.faults.program serve …` takes what `portico` takes.

It is the product with shorter waits, so that a thousand faults are over in an hour or two, and with places where it can
be killed: see `killable`. Each call of the provider inside a transaction is noted. `clerk` runs the helper beside it.
"""

import os
import sys
from importlib import import_module

import django

from portico.config.cli import run


def main() -> int:
    """Run one command line of the product, or the clerk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
    django.setup()
    # They name models, which are there only now.
    if sys.argv[1:] == ["clerk"]:
        import_module("tests.faults.clerk").serve()
        return 0
    import_module("tests.faults.killable").make_killable()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
