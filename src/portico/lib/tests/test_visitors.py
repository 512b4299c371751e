import pytest

from portico.lib.visitors import device, network

_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "known"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", ("Firefox", "Linux")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36", ("Chrome", "Windows")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36 Edg/142.0.0.0", ("Edge", "Windows")),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Version/26.0 Safari/605.1.15", ("Safari", "macOS")),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_APPLE} Version/26.0 Mobile/15E148 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_APPLE} CriOS/142.0 Mobile/15E148 Safari/604.1",
            ("Chrome", "iPhone"),
        ),
        (f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36", ("Chrome", "Android")),
        (
            f"Mozilla/5.0 (Linux; Android 14) SamsungBrowser/28.0 {_CHROME} Mobile Safari/537.36",
            ("Samsung Internet", "Android"),
        ),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_CHROME} Safari/537.36", ("Chrome", "ChromeOS")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_and_its_system_are_told_by_what_it_calls_itself(user_agent: str, known: tuple[str, str]) -> None:
    assert device(user_agent) == known


@pytest.mark.parametrize(
    ("ip", "short"),
    [
        ("203.0.113.77", "203.0.113.*"),
        ("2001:db8:1::77", "2001:db8:1:*"),
        ("::1", "0:0:0:*"),
        (None, ""),
    ],
)
def test_an_address_is_shortened_to_its_network(ip: str | None, short: str) -> None:
    assert network(ip) == short
