"""Files and functions stay small. What has to be longer says why, in its own first words: `# long: because …`."""

import ast
import re
from collections.abc import Iterator

from tests.rules.source import ROOT, Source, sources, templates

MODULE_LINES = 400
TEST_LINES = 500
TEMPLATE_LINES = 150
FUNCTION_LINES = 40

_MODULE_REASON = re.compile(r"^# long: \w.{8,}", re.MULTILINE)
_DEF_REASON = re.compile(r"# long: \w.{8,}")
_TEMPLATE_REASON = re.compile(r"^(?:\{#-?|//|<!--) long: \w.{8,}", re.MULTILINE)


def test_modules_stay_small() -> None:
    found = [finding for source in sources() for finding in long_module(source)]
    assert not found, "\n".join(found)


def test_functions_stay_small() -> None:
    found = [finding for source in sources() for finding in long_functions(source)]
    assert not found, "\n".join(found)


def test_templates_stay_small() -> None:
    found: list[str] = []
    for path in templates():
        found += long_template(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    assert not found, "\n".join(found)


def long_module(source: Source) -> Iterator[str]:
    """Find a module over its cap without a reason."""
    lines, cap = len(source.text.splitlines()), TEST_LINES if source.is_test else MODULE_LINES
    if lines > cap and not _MODULE_REASON.search(source.text):
        yield f"{source.path}: {lines} lines; the cap is {cap}. Split it, or say why in a line `# long: …`."


def long_functions(source: Source) -> Iterator[str]:
    """Find functions over the cap, docstring not counted, without a reason in their signature."""
    lines = source.text.splitlines()
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = _end(node) - node.lineno + 1 - _docstring_lines(node)
        signature = "\n".join(lines[node.lineno - 1 : node.body[0].lineno])
        if length > FUNCTION_LINES and not _DEF_REASON.search(signature):
            yield source.at(node, f"{node.name} has {length} lines; the cap is {FUNCTION_LINES}")


def long_template(path: str, text: str) -> Iterator[str]:
    """Find a template over its cap without a reason."""
    lines = len(text.splitlines())
    if lines > TEMPLATE_LINES and not _TEMPLATE_REASON.search(text):
        yield f"{path}: {lines} lines; the cap is {TEMPLATE_LINES}"


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return _end(node.body[0]) - node.body[0].lineno + 1 if ast.get_docstring(node) else 0


def test_a_long_module_is_found_unless_it_says_why() -> None:
    body = "x = 1\n" * (MODULE_LINES + 1)
    assert list(long_module(Source("src/portico/lib/x.py", body)))
    assert not list(long_module(Source("src/portico/lib/x.py", "# long: one table of the standard\n" + body)))
    assert not list(long_module(Source("src/portico/lib/tests/test_x.py", body)))


def test_a_long_function_is_found_unless_it_says_why() -> None:
    docstring = '    """' + "word\n" * 30 + '    """\n'
    body = "    x = 1\n" * FUNCTION_LINES
    assert list(long_functions(Source("x.py", f"def f() -> None:\n{docstring}{body}")))
    assert not list(long_functions(Source("x.py", f"def f() -> None:\n{docstring}{body[10:]}")))
    assert not list(long_functions(Source("x.py", f"def f() -> None:  # long: one case per code\n{docstring}{body}")))


def test_a_long_template_is_found_unless_it_says_why() -> None:
    body = "<p>\n" * (TEMPLATE_LINES + 1)
    assert list(long_template("x.html", body))
    assert not list(long_template("x.html", "{# long: every icon in one place #}\n" + body))
