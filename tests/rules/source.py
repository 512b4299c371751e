"""The sources as the project rules read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "portico"
_PLACES = ("src", "tests", "scripts", "benchmarks")


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root of the repository, with `/`, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)

    @property
    def is_test(self) -> bool:
        return "/tests/" in f"/{self.path}" or self.path.endswith("conftest.py")

    def is_in(self, *folders: str) -> bool:
        """Tell whether the file lies in one of these folders of the package, such as `domain` or `web`."""
        return self.path.startswith(tuple(f"src/portico/{folder}/" for folder in folders))

    def at(self, node: ast.AST, text: str) -> str:
        """Return one finding: where, and what."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {text}"


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def sources() -> tuple[Source, ...]:
    """Return every Python file of the repository that people write."""
    return tuple(Source(_relative(path), path.read_text("utf-8")) for path in _python_files())


def product() -> list[Source]:
    """Return the modules of the product, without their tests."""
    return [source for source in sources() if source.path.startswith("src/portico/") and not source.is_test]


def templates() -> list[Path]:
    """Return the templates of pages, mails and PDFs."""
    return sorted(
        path
        for path in PACKAGE.rglob("*")
        if "templates" in path.parts and path.suffix in {".html", ".txt", ".typ", ".xml", ".svg"} and path.is_file()
    )


def _python_files() -> Iterator[Path]:
    yield ROOT / "conftest.py"
    for place in _PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def assigned_attributes(node: ast.AST) -> Iterator[ast.Attribute]:
    """Yield the attributes that a statement assigns, in whatever way, and those on the way to them."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    yield from (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Attribute))
