"""Every exception to a check carries its reason on the line, after the code: `# noqa: S308 - escaped by …`."""

import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.rules.source import Source, sources

_NOQA = re.compile(r"noqa:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*(?P<reason>.*)$")
_IGNORE = re.compile(r"type:\s*ignore\[[\w,\s-]+\](?P<reason>.*)$")


def test_exceptions_carry_their_reason() -> None:
    found = [finding for source in sources() for finding in reasonless(source)]
    assert not found, "\n".join(found)


def reasonless(source: Source) -> Iterator[str]:
    """Find `noqa` and `type: ignore` comments without a reason of at least two words."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        for mark, pattern in (("noqa", _NOQA), ("type: ignore", _IGNORE)):
            if mark not in token.string:
                continue
            match = pattern.search(token.string)
            # One comment may hold both marks; the reason is what is left without them.
            reason = re.sub(r"#?\s*(noqa:[\w\s,]*|type:\s*ignore\[[^\]]*\])", "", match["reason"]) if match else ""
            if len(re.findall(r"\w+", reason)) < 2:
                yield f"{source.path}:{token.start[0]}: {token.string} carries no reason"


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: S308",
        "x = 1  # noqa: S308, E501",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[arg-type]",
        "x = 1  # type: ignore[arg-type] # noqa: S308",
        "x = 1  # type: ignore[arg-type]  # stubs",
    ],
)
def test_an_exception_without_a_reason_is_found(line: str) -> None:
    assert list(reasonless(Source("x.py", line + "\n")))


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: S308 - every part was escaped above",
        "x = 1  # type: ignore[arg-type]  # the stubs forget None",
        "x = 1  # a plain remark",
        "x = '# noqa'",
    ],
)
def test_an_exception_with_a_reason_is_fine(line: str) -> None:
    assert not list(reasonless(Source("x.py", line + "\n")))
