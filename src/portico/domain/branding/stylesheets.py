"""A business's style sheet, read as a browser reads it: nothing in it may load from a site that is not trusted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tinycss2  # type: ignore[import-untyped]  # published without types

from portico.domain.branding.errors import StylesheetRefused
from portico.domain.branding.sites import Use, covers

MAX_BYTES = 100_000
_DEEPEST = 60
# Within these, a string is a URL as well.
_OF_STRINGS = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"})
# These put a string in there that stands somewhere else, in a custom property for instance, as mere text.
_FROM_ELSEWHERE = frozenset({"var", "attr", "env", "if"})
_LOADED = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp", "data:image/svg+xml")


def checked_stylesheet(css: str, trusted: Mapping[str, Iterable[str]]) -> str:
    """Return the sheet as it is served: written anew from what was read. Raises StylesheetRefused with the line."""
    if len(css.encode()) > MAX_BYTES:
        raise StylesheetRefused("A style sheet has at most 100 kB.", code="stylesheet_too_large")
    rules = tinycss2.parse_stylesheet(css)
    sites = [*trusted.get(Use.STYLE, ()), *trusted.get(Use.IMAGE, ()), *trusted.get(Use.FONT, ())]
    for node in _every(rules):
        _refuse_what_may_not_stand(node, sites)
    return str(tinycss2.serialize(rules))


def _every(nodes: Iterable[Any]) -> Iterator[Any]:
    """Every node of a sheet, from the outside in, without recursion, so that deep nesting is harmless."""
    waiting = [(node, 0) for node in reversed(list(nodes))]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEPEST:
            raise _refused(node, "…", "stylesheet_broken")
        yield node
        for name in ("content", "prelude", "arguments"):
            waiting += [(inner, depth + 1) for inner in reversed(getattr(node, name, None) or [])]


def _refuse_what_may_not_stand(node: Any, sites: list[str]) -> None:
    if node.type == "error":
        raise _refused(node, node.message, "stylesheet_broken")
    if node.type == "at-rule" and node.lower_at_keyword == "import":
        urls = [part.value for part in node.prelude if part.type in {"url", "string"}]
        urls += [part.value for part in _strings_of(node.prelude)]
        if not urls or not all(covers(sites, url) for url in urls):
            raise _refused(node, "@import", "stylesheet_import")
    if node.type == "at-keyword" and node.lower_value == "import":
        # Anywhere but on top it has no effect in browsers of today; what those of tomorrow do is not known.
        raise _refused(node, "@import", "stylesheet_import")
    if node.type == "url":
        _refuse_foreign(node, node.value, sites)
    if node.type == "function" and node.lower_name in _OF_STRINGS:
        for part in node.arguments:
            if part.type == "string":
                _refuse_foreign(part, part.value, sites)
            if part.type == "function" and part.lower_name in _FROM_ELSEWHERE:
                raise _refused(part, f"{node.lower_name}({part.lower_name}(…))", "stylesheet_url")


def _strings_of(nodes: Iterable[Any]) -> Iterator[Any]:
    for node in nodes:
        if node.type == "function":
            yield from (part for part in node.arguments if part.type == "string")


def _refuse_foreign(node: Any, url: str, sites: list[str]) -> None:
    """What has a scheme or begins with two slashes is elsewhere; browsers read a backslash as a slash."""
    plain = "".join(character for character in url if character > " ").replace("\\", "/").lower()
    is_elsewhere = plain.startswith("//") or ":" in plain.partition("/")[0].partition("#")[0].partition("?")[0]
    if is_elsewhere and not plain.startswith(_LOADED) and not covers(sites, url):
        raise _refused(node, f"url({url[:80]})", "stylesheet_url")


def _refused(node: Any, part: str, code: str) -> StylesheetRefused:
    return StylesheetRefused(f"Line {node.source_line}: {part}", code=code, line=node.source_line, part=part)
