"""Front ends translate, the domain decides: no queries in `web`, no requests below it, no catch-all modules."""

import ast
from collections.abc import Iterator

import pytest

from tests.rules.source import Source, product

_REQUESTS = ("django.http", "django.shortcuts")
_MAY_SEE_REQUESTS = ("web", "gateways", "config")
_MANAGERS = {"objects", "_default_manager", "_base_manager"}
_NAMELESS_DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "signals",
    "common",
    "misc",
    "managers",
}


def test_front_ends_ask_queries() -> None:
    found = [finding for source in product() for finding in manager_uses(source)]
    assert not found, "\n".join(found)


def test_requests_stop_at_the_front_ends() -> None:
    found = [finding for source in product() for finding in request_imports(source)]
    assert not found, "\n".join(found)


def test_the_product_needs_no_tests() -> None:
    found = [finding for source in product() for finding in imports_of_tests(source)]
    assert not found, "\n".join(found)


def test_files_are_named_after_one_thing() -> None:
    found = [source.path for source in product() if nameless(source.path)]
    assert not found, "\n".join(found)


def manager_uses(source: Source) -> Iterator[str]:
    """Find a model's manager in `web`: rows come from a query that takes the viewer."""
    if not source.is_in("web"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in _MANAGERS:
            yield source.at(node, f".{node.attr} in web: ask a query of the domain that takes the viewer")


def request_imports(source: Source) -> Iterator[str]:
    """Find requests and responses below the front ends."""
    if source.is_in(*_MAY_SEE_REQUESTS):
        return
    for node, name in _imports(source):
        if name.startswith(_REQUESTS):
            yield source.at(node, f"{name}: requests and responses stop at portico.web and portico.gateways")


def imports_of_tests(source: Source) -> Iterator[str]:
    """Find tests imported by the product."""
    for node, name in _imports(source):
        if "tests" in name.split("."):
            yield source.at(node, f"{name}: the product is installed without its tests")


def _imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def nameless(path: str) -> bool:
    """Tell whether a part of the path is a catch-all."""
    return not _NAMELESS_DRAWERS.isdisjoint(path.removesuffix(".py").split("/"))


@pytest.mark.parametrize(
    "line", ["row = Invoice.objects.first()", "rows = models.Invoice._default_manager.all()", "f(Invoice.objects)"]
)
def test_a_query_in_web_is_found(line: str) -> None:
    assert list(manager_uses(Source("src/portico/web/portal/pages/home.py", line)))
    assert not list(manager_uses(Source("src/portico/domain/documents/queries.py", line)))


def test_asking_a_query_is_fine() -> None:
    assert not list(manager_uses(Source("src/portico/web/portal/account/home.py", "rows = queries.invoices(viewer)")))


@pytest.mark.parametrize("line", ["from django.http import HttpRequest", "import django.shortcuts"])
def test_a_request_in_the_domain_is_found(line: str) -> None:
    assert list(request_imports(Source("src/portico/domain/access/queries.py", line)))
    assert not list(request_imports(Source("src/portico/web/portal/account/home.py", line)))


@pytest.mark.parametrize("line", ["from portico.domain.ledger.tests import history", "import tests.plugins.browser"])
def test_a_test_in_the_product_is_found(line: str) -> None:
    assert list(imports_of_tests(Source("src/portico/demo/seed.py", line)))
    assert not list(imports_of_tests(Source("src/portico/demo/seed.py", "from portico.domain import ledger")))


def test_a_drawer_is_found() -> None:
    assert nameless("src/portico/domain/documents/utils.py")
    assert nameless("src/portico/web/helpers/money.py")
    assert not nameless("src/portico/domain/documents/queries.py")
