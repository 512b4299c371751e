"""Addresses of other sites are read as every browser reads them, or not at all."""

import pytest

from portico.lib.errors import Invalid
from portico.lib.origins import is_within, parse_origin, parse_url

GOOD = ["https://good.example"]


@pytest.mark.parametrize(
    ("text", "origin", "rest"),
    [
        ("https://good.example", "https://good.example", ""),
        ("HTTPS://Good.Example:443/a?b=c#d", "https://good.example", "/a?b=c#d"),
        ("https://good.example:8443?x", "https://good.example:8443", "?x"),
        ("http://localhost:3000/in", "http://localhost:3000", "/in"),
        ("http://127.0.0.1/", "http://127.0.0.1", "/"),
        ("https://xn--mnchen-3ya.example/%40", "https://xn--mnchen-3ya.example", "/%40"),
    ],
)
def test_an_address_has_an_origin(text: str, origin: str, rest: str) -> None:
    url = parse_url(text)
    assert (url.origin, url.rest) == (origin, rest)


WRONG = [
    "", "good.example", "//good.example", "/account", "@good.example", "javascript:alert(1)", "data:text/html,x",
    "ftp://good.example", "http://good.example", "http://localhost.good.example", "https:/good.example",
    "https:good.example", "https:///good.example", "https://", "https://@evil.example", "https://good.example@evil.example",
    "https://good.example:443@evil.example/", "https://user:word@good.example", "https://good.example\\@evil.example",
    "https://good.example\\.evil.example", "https://evil.example\\good.example", "https://good.example%2eevil.example",
    "https://good.example\t", "\thttps://good.example", " https://good.example", "https://good.example ",
    "https://good.example\n", "https://good.example\r\nSet-Cookie: x=1", "https://good.example\x00", "https://go\tod.example",
    "https://good.example/\x7f", "https://göod.example", "https://good。example", "https://good.example/ä",
    "https://\u212aood.example", "https://good.example.", "https://.good.example", "https://good..example",
    "https://-good.example", "https://good.example:", "https://good.example:0", "https://good.example:65536",
    "https://good.example:443:443", "https://good.example:٤٤٣", "https://good.example#@evil.example",
    "https://[::1]/", "https://good.example/<script>", 'https://good.example/"', "https://good.example/" + "x" * 500,
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_browsers_may_read_differently_is_no_address(text: str) -> None:
    with pytest.raises(Invalid):
        parse_url(text)
    assert not is_within(text, [*GOOD, text])


@pytest.mark.parametrize("text", ["https://good.example/", "https://good.example/a", "https://good.example?a"])
def test_an_origin_ends_with_its_host_or_port(text: str) -> None:
    with pytest.raises(Invalid):
        parse_origin(text)


def test_an_origin_is_kept_in_one_spelling() -> None:
    assert parse_origin("HTTPS://GOOD.example:443") == "https://good.example"


@pytest.mark.parametrize(
    "url",
    ["https://good.example.evil.example", "https://evil.example/https://good.example", "https://sub.good.example",
     "https://good.example:8443", "http://good.example", "https://evilgood.example", "https://good.example.evil.example/@good.example"],
)  # fmt: skip
def test_a_page_is_within_its_own_origin_alone(url: str) -> None:
    assert not is_within(url, GOOD)
    assert is_within("https://good.example/any/page?x=@evil.example", GOOD)
