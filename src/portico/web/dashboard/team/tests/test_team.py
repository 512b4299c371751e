"""Owners invite, remove and change the role of people; an invited person joins once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.access.models import StaffLink
from portico.domain.access.staff import queries
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business, Membership, User
from portico.web.dashboard.tests.cast import PASSWORD, a_business, signed_in, staff_of
from tests.postbox import Postbox

PAGE = "/settings/team"
NEW = "nora@nordlicht.example"
CHOSEN = {"name": "Nora Nolte", "password1": "a quite long one", "password2": "a quite long one"}


def invite(owner: Client, email: str = NEW, role: str = "member") -> Any:
    return owner.post(PAGE, {"do": "invite", "email": email, "role": role})


def link_in(mail: Any) -> str:
    found = re.search(r"http://testserver(/accounts/\S+/)", mail.text)
    assert found
    return found[1]


def an_owner(shop: Business) -> User:
    """Nora, who is an owner, too."""
    nora = staff_of(shop, NEW)
    Membership.objects.filter(user=nora).update(role="owner")
    return nora


@pytest.fixture
def invited(owner: Client, postbox: Postbox, react: React) -> str:
    """The address of an invitation that was mailed."""
    assert invite(owner).status_code == 302
    react()
    return link_in(postbox.the_only())


def test_newcomer_makes_an_account_and_joins_once(owner: Client, visitor: Client, invited: str, shop: Business) -> None:
    page = visitor.get(invited)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert "Join Nordlicht" in page.content.decode()
    assert not User.objects.filter(email=NEW).exists(), "looking changes nothing"
    assert "Your account is ready" in visitor.post(invited, CHOSEN).content.decode()
    nora = User.objects.get(email=NEW)
    place = nora.memberships.get()
    assert (nora.name, place.business, place.role) == ("Nora Nolte", shop, "member")
    assert nora.check_password("a quite long one")
    assert visitor.get(invited).status_code == 410
    assert visitor.post(invited, CHOSEN).status_code == 410
    answer = visitor.post("/accounts/login/", {"login": NEW, "password": "a quite long one"})
    assert answer["Location"] == "/"
    shown = owner.get(PAGE).content.decode()
    assert "Nora Nolte" in shown
    assert "Invited by" not in shown
    rows = Activity.objects.filter(verb__startswith="staff.").order_by("id")
    assert [row.verb for row in rows][-2:] == ["staff.invited", "staff.added"]


@pytest.mark.parametrize("form", [
    {"name": "", "password1": "a quite long one", "password2": "a quite long one"},
    {"name": "Nora", "password1": "short", "password2": "short"},
    {"name": "Nora", "password1": "a quite long one", "password2": "another quite long"},
    {"name": "Nora", "password1": "password1234", "password2": "password1234"},
])  # fmt: skip
def test_poor_answers_make_no_account(visitor: Client, invited: str, form: dict[str, str]) -> None:
    answer = visitor.post(invited, form)
    assert answer.status_code == 422
    assert form["name"] in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()
    assert StaffLink.objects.get().state == "open"


def test_holder_of_an_account_joins_with_it_and_nobody_else(
    owner: Client, visitor: Client, shop: Business, postbox: Postbox, react: React
) -> None:
    other = staff_of(a_business("hafen"), "hanna@hafen.example")
    invite(owner, "Hanna@hafen.example", "owner")
    react()
    path = link_in(postbox.the_only())
    page = visitor.get(path).content.decode()
    assert "You have an account already" in page
    assert f"/accounts/login/?next={path}" in page
    visitor.post(path, CHOSEN)
    assert "You are signed in as olga@nordlicht.example" in owner.get(path).content.decode()
    owner.post(path)
    assert not Membership.objects.filter(user=other, business=shop).exists()
    client = signed_in(other)
    assert client.post(path)["Location"] == "/"
    assert Membership.objects.get(user=other, business=shop).role == "owner"
    other.refresh_from_db()
    assert other.check_password(PASSWORD)
    assert client.get(PAGE).status_code == 200, "the business that was joined is chosen"


def test_a_link_ends_after_a_week_by_a_newer_one_and_when_withdrawn(
    owner: Client, visitor: Client, invited: str, clock: Clock, postbox: Postbox, react: React
) -> None:
    clock.advance(days=7)
    assert "Its time is over" in visitor.get(invited).content.decode()
    assert visitor.post(invited, CHOSEN).status_code == 410
    link = StaffLink.objects.get()
    owner.post(PAGE, {"do": "again", "who": link.public_id})
    react()
    newer = link_in(postbox.mails[-1])
    assert visitor.get(invited).status_code == 410
    assert visitor.get(newer).status_code == 200
    answer = owner.post(PAGE, {"do": "withdraw", "who": link.public_id}, follow=True)
    assert "The invitation is withdrawn" in answer.content.decode()
    assert "taken back" in visitor.get(newer).content.decode()
    assert visitor.post(newer, CHOSEN).status_code == 410
    assert not User.objects.filter(email=NEW).exists()
    assert owner.post(PAGE, {"do": "again", "who": link.public_id}).status_code == 404


def test_a_withdrawn_invitation_is_not_mailed(owner: Client, postbox: Postbox, react: React) -> None:
    invite(owner)
    owner.post(PAGE, {"do": "withdraw", "who": StaffLink.objects.get().public_id})
    react()
    assert postbox.mails == []


def test_nobody_is_invited_twice_or_without_a_mail_server(owner: Client, invited: str) -> None:
    for email, said in ((NEW, "invited already"), ("olga@nordlicht.example", "on the team already"), ("x", "valid")):
        answer = invite(owner, email)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert f'value="{email}"' in answer.content.decode()
    assert StaffLink.objects.count() == 1


def test_without_a_mail_server_nobody_is_invited(owner: Client) -> None:
    answer = invite(owner)
    assert answer.status_code == 422
    assert "No mail server is set up" in answer.content.decode()
    assert not StaffLink.objects.exists()


def test_removed_staff_is_out_at_once_and_the_account_stays(owner: Client, shop: Business) -> None:
    nora = staff_of(shop, NEW)
    client = signed_in(nora)
    assert client.get("/customers").status_code == 200
    form = {"do": "remove", "who": nora.public_id}
    assert "Remove from the team?" in owner.post(PAGE, form).content.decode()
    assert client.get("/customers").status_code == 200
    assert "no longer on the team" in owner.post(PAGE, form | {"confirmed": "yes"}, follow=True).content.decode()
    answer = client.get("/customers")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")
    assert User.objects.filter(pk=nora.pk).exists()
    event = Activity.objects.get(verb="staff.removed")
    assert (event.actor_label, event.data["email"]) == ("Olga", NEW)


def test_who_works_elsewhere_too_stays_signed_in_there(owner: Client, shop: Business) -> None:
    nora = staff_of(shop, NEW)
    staff_of(a_business("hafen"), NEW)
    client = signed_in(nora)
    owner.post(PAGE, {"do": "remove", "who": nora.public_id, "confirmed": "yes"})
    assert "Hafen" in client.get("/customers").content.decode()


def test_the_last_owner_stays_one(owner: Client, shop: Business) -> None:
    nora, olga = staff_of(shop, NEW), User.objects.get(email="olga@nordlicht.example")
    for action in ("member", "remove"):
        answer = owner.post(PAGE, {"do": action, "who": olga.public_id, "confirmed": "yes"})
        assert answer.status_code == 409
        assert "This is the last owner" in answer.content.decode()
    assert Membership.objects.get(user=olga).role == "owner"
    owner.post(PAGE, {"do": "owner", "who": nora.public_id})
    assert owner.post(PAGE, {"do": "member", "who": olga.public_id})["Location"] == "/"
    assert owner.get(PAGE).status_code == 403
    assert "Team and keys" not in owner.get("/customers").content.decode()
    changes = Activity.objects.filter(verb="staff.role_changed").order_by("id")
    assert [row.data["after"] for row in changes] == [{"role": "owner"}, {"role": "member"}]


def test_strangers_are_not_found_and_nothing_changes(owner: Client, stranger: Client, shop: Business) -> None:
    olga = User.objects.get(email="olga@nordlicht.example")
    before = Activity.objects.count()
    for action in ("owner", "member", "remove", "again", "withdraw", "nonsense", ""):
        answer = stranger.post(PAGE, {"do": action, "who": olga.public_id, "confirmed": "yes"})
        assert answer.status_code == 404
    assert Activity.objects.count() == before


def test_invitations_to_one_address_come_to_an_end(owner: Client, invited: str, clock: Clock) -> None:
    who = StaffLink.objects.get().public_id
    statuses = [owner.post(PAGE, {"do": "again", "who": who}).status_code for _ in range(5)]
    assert statuses == [302, 302, 302, 302, 429]
    clock.advance(hours=1)
    assert owner.post(PAGE, {"do": "again", "who": who}).status_code == 302
    assert StaffLink.objects.get().expires_at - clock.now() == timedelta(days=7)


@pytest.mark.parametrize("action", ["member", "remove"])
def test_what_a_former_owner_has_invited_is_withdrawn(
    owner: Client, shop: Business, postbox: Postbox, react: React, visitor: Client, action: str
) -> None:
    nora = an_owner(shop)
    invite(signed_in(nora), "friend@nordlicht.example", "owner")
    invite(owner, "kept@nordlicht.example")
    react()
    path = link_in(next(mail for mail in postbox.mails if mail.recipients == ["friend@nordlicht.example"]))
    owner.post(PAGE, {"do": action, "who": nora.public_id, "confirmed": "yes"})
    assert visitor.post(path, CHOSEN).status_code == 410
    assert not User.objects.filter(email="friend@nordlicht.example").exists()
    states = {link.email: link.state for link in StaffLink.objects.all()}
    assert states == {"friend@nordlicht.example": "withdrawn", "kept@nordlicht.example": "open"}
    event = Activity.objects.get(verb="staff.invitation_withdrawn")
    assert (event.actor_label, event.data["email"]) == ("Olga", "friend@nordlicht.example")


def test_an_invitation_that_another_owner_sent_again_is_theirs(owner: Client, shop: Business, postbox: Postbox) -> None:
    nora = an_owner(shop)
    invite(signed_in(nora), "friend@nordlicht.example")
    owner.post(PAGE, {"do": "again", "who": StaffLink.objects.get().public_id})
    owner.post(PAGE, {"do": "remove", "who": nora.public_id, "confirmed": "yes"})
    assert StaffLink.objects.get().state == "open"
    assert "Olga" in owner.get(PAGE).content.decode()


@pytest.mark.parametrize("action", ["owner", "member", "remove"])
def test_who_left_in_the_meantime_is_not_found(
    owner: Client, shop: Business, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    nora, find = staff_of(shop, NEW), queries.member

    def found_and_gone(viewer: Any, name: str) -> Membership:
        place = find(viewer, name)
        Membership.objects.filter(pk=place.pk).delete()
        return place

    monkeypatch.setattr(queries, "member", found_and_gone)
    before = Activity.objects.count()
    assert owner.post(PAGE, {"do": action, "who": nora.public_id, "confirmed": "yes"}).status_code == 404
    assert Activity.objects.count() == before
    assert User.objects.get(pk=nora.pk).sessions_ended == 0
