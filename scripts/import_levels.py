"""Print the import levels of packages: each module with what it imports of its package, from the bottom up.

A module's level is one more than the highest level that it imports; tests are left out.

    python scripts/import_levels.py portico.web.portal portico.web.dashboard
"""

import argparse
import ast
import sys
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"


def imports_of(package: str) -> dict[str, set[str]]:
    """Return the modules of a package that have code, without tests, each with those of them that it imports."""
    files = {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
        for path in sorted((SOURCE / package.replace(".", "/")).rglob("*.py"))
        if path.name not in {"__init__.py", "conftest.py"} and not {"tests", "migrations"} & set(path.parts)
    }
    return {name: _named(path) & files.keys() - {name} for name, path in files.items()}


def _named(path: Path) -> set[str]:
    """Return the dotted names that a file imports; each imported name may be a module or a module's content."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def levels_of(imports: dict[str, set[str]]) -> dict[str, int]:
    """Return each module's level, from 1."""

    @cache
    def level(name: str) -> int:
        return 1 + max((level(other) for other in imports[name]), default=0)

    return {name: level(name) for name in imports}


def report(package: str) -> str:
    """Return one line about a package, and one for each of its modules."""
    imports = imports_of(package)
    levels = levels_of(imports)
    arrows = sum(map(len, imports.values()))
    lines = [f"{package}: {len(imports)} modules on {max(levels.values(), default=0)} levels, {arrows} imports"]
    for name in sorted(imports, key=lambda name: (levels[name], name)):
        imported = " ".join(sorted(other.removeprefix(f"{package}.") for other in imports[name]))
        lines.append(f"  {levels[name]:>2} {name.removeprefix(f'{package}.')}{' → ' if imported else ''}{imported}")
    return "\n".join(lines)


def main() -> int:
    """Print the report of each package named on the command line."""
    parser = argparse.ArgumentParser(description="Print the import levels of packages.")
    parser.add_argument("packages", nargs="+", metavar="PACKAGE")
    for package in parser.parse_args().packages:
        print(report(package))
    return 0


if __name__ == "__main__":
    sys.exit(main())
