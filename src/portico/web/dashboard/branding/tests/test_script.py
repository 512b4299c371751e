"""The script: off at first, changed with a password alone, held to its checksum, and never where somebody signs in."""

import base64
import hashlib
import re

from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.web.dashboard.tests.cast import PASSWORD

PATH = "/settings/brand/script"
CODE = "console.log(window.portico.page)"
GOOD = {"code": CODE, "on": "on", "password": PASSWORD}


def page(path: str = "s/pl_secret123") -> tuple[str, str]:
    answer = Client(headers={"host": "testserver"}).get(f"/portal/nordlicht/{path}")
    return answer.content.decode(), answer["Content-Security-Policy"]


def scripts(html: str) -> list[str]:
    return re.findall(r"<script[^>]*brand/[^>]*>", html)


def test_it_runs_on_pages_under_its_checksum(owner: Client, shop: Business) -> None:
    assert owner.post(PATH, GOOD).status_code == 302
    html, policy = page()
    (script,) = scripts(html)
    digest = base64.b64encode(hashlib.sha384(CODE.encode()).digest()).decode()
    assert f'integrity="sha384-{digest}"' in script
    assert "nonce=" in script
    assert "'strict-dynamic'" not in policy, "it loads other scripts from trusted sites alone"
    assert "page_api" in html
    assert 'data-page="/s/:secret"' in html
    assert "secret123" not in html.partition("</head>")[0]
    source = re.findall(r'src="([^"]+)"', script)[0]
    file = Client(headers={"host": "testserver"}).get(source)
    assert (file.content.decode(), file["Content-Type"]) == (CODE, "text/javascript; charset=utf-8")
    change = Activity.objects.get(verb="script.changed")
    assert change.actor_label == "Olga"
    assert PASSWORD not in str(change.data)
    assert PASSWORD not in owner.get(PATH).content.decode()


def test_it_is_never_where_somebody_signs_in(owner: Client, shop: Business) -> None:
    owner.post(PATH, GOOD)
    html, policy = page("sign-in")
    assert scripts(html) == []
    assert "page_api" not in html
    assert "'strict-dynamic'" in policy


def test_it_is_off_until_it_is_switched_on(owner: Client, shop: Business) -> None:
    owner.post(PATH, {"code": CODE, "password": PASSWORD})
    assert scripts(page()[0]) == []
    owner.post(PATH, {"code": "", "on": "on", "password": PASSWORD})
    shop.refresh_from_db()
    assert (shop.script, shop.script_on) == ("", False)


def test_without_the_password_nothing_changes_and_tries_are_counted(owner: Client, shop: Business) -> None:
    for password, said in (("", "Please fill this in."), *[("wrong", "This is not your password.")] * 10):
        answer = owner.post(PATH, GOOD | {"password": password})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert CODE in answer.content.decode().replace("&#x27;", "'")
    answer = owner.post(PATH, GOOD)
    assert answer.status_code == 422
    assert "Please wait five minutes." in answer.content.decode()
    shop.refresh_from_db()
    assert (shop.script, shop.script_on) == ("", False)
    assert not Activity.objects.filter(verb="script.changed").exists()


def test_the_end_of_a_script_element_stays_in_the_file(owner: Client, shop: Business) -> None:
    owner.post(PATH, GOOD | {"code": "'</script><script>alert(1)</script>'"})
    assert "alert(1)" not in page()[0]
    assert "<script>alert(1)" not in owner.get(PATH).content.decode()


def test_a_script_has_an_end(owner: Client, shop: Business) -> None:
    assert owner.post(PATH, GOOD | {"code": "é" * 60_000}).status_code == 422
    shop.refresh_from_db()
    assert shop.script == ""
