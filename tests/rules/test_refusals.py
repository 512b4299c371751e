"""Each refusal of the portal has its page: one that is raised and not rendered would be a failure of the server."""

import ast

from portico.web.portal.core import refusal_pages
from portico.web.portal.core.refusals import Refusal
from tests.rules.source import product


def rendered() -> set[str]:
    """The names of the refusals that `refusal_pages.py` has a case for."""
    path = refusal_pages.__name__.replace(".", "/") + ".py"
    (source,) = [source for source in product() if source.path.endswith(path)]
    patterns = [node for node in ast.walk(source.tree) if isinstance(node, ast.MatchClass)]
    return {pattern.cls.id for pattern in patterns if isinstance(pattern.cls, ast.Name)}


def test_every_refusal_has_a_page() -> None:
    assert {refusal.__name__ for refusal in Refusal.__subclasses__()} == rendered()
