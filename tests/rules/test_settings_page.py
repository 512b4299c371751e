"""What an operator may set is described in docs/settings.md, and nothing else is."""

import ast
import re

from tests.rules.source import ROOT, Source, product

PAGE = ROOT / "docs" / "settings.md"
_NAME = re.compile(r"(?:PORTICO_[A-Z0-9_]+|DATABASE_URL)")
_READERS = {"get", "getenv", "env_flag", "env_list", "env_text", "env_number"}


def test_every_setting_is_described() -> None:
    read = {name for source in product() for name in names_read(source)}
    assert read, "no setting found: does names_read() still see how settings are read?"
    described = set(_NAME.findall(PAGE.read_text("utf-8")))
    assert read - described == set(), f"not described in {PAGE}"
    assert described - read == set(), f"described in {PAGE}, but read nowhere"


def names_read(source: Source) -> set[str]:
    """Return the names a module reads from the environment."""
    names = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            values = node.args[:1] if function in _READERS else []
            values += [keyword.value for keyword in node.keywords if keyword.arg == "envvar"]
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            values = [node.slice]
        else:
            continue
        constants = [value.value for value in values if isinstance(value, ast.Constant)]
        names |= {value for value in constants if isinstance(value, str) and _NAME.fullmatch(value)}
    return names


def test_settings_are_seen_however_they_are_read() -> None:
    text = (
        'a = os.environ.get("PORTICO_A")\nb = env_flag("PORTICO_B", True)\nc = os.environ["PORTICO_C"]\n'
        'd = "PORTICO_D"\nos.environ["PORTICO_E"] = "1"\n'
    )
    assert names_read(Source("src/portico/config/settings.py", text)) == {"PORTICO_A", "PORTICO_B", "PORTICO_C"}
