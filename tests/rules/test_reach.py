"""The scope ladder: a session to one thing reaches exactly that thing, at every address of the portal there is."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.models import Kind
from portico.lib.ids import Ref
from portico.web.portal.core.kinds import SLUGS
from tests.cast import CODE, HOST, NAME, Account, make_account, new_business
from tests.rules.routes import PORTAL, filled, routes
from tests.rules.test_gates import OPEN, PREFIX, PUBLIC, knock, pages

# What every session may do, and what each kind of thing opens besides: all of its own forms, and nothing of the rest.
EVERYWHERE = {"language", "sign-out", "step-up", "step-up/code"}
_OF_DOCUMENT = ("", ".pdf", "/viewed", "/comments", "/comments/read")
# What was asked, in the cast, was asked about the invoice.
_OF_COMMENT = {"comments/<str:key>/edit", "comments/<str:key>/remove", "comments/files/<str:key>/<str:name>"}
REACHED = {
    **{str(kind): {f"{SLUGS[kind]}/<str:name>{ending}" for ending in _OF_DOCUMENT} for kind in Kind},
    "invoice": {f"invoices/<str:name>{ending}" for ending in (*_OF_DOCUMENT, "/promise", "/payment-plan")}
    | {"pay", "pay/<str:name>"}
    | _OF_COMMENT,
    Kind.ESTIMATE.value: {f"estimates/<str:name>{ending}" for ending in (*_OF_DOCUMENT, "/approve", "/decline")},
    "payment": {"payments/<str:name>", "payments/<str:name>.pdf"},
    "statement": {"statements", "statements.pdf", "statements.csv", "statements.xlsx"},
}


@pytest.fixture
def owner(db: None, clock: Clock) -> Account:
    return make_account(new_business("nordlicht"), NAME, CODE)


def target(owner: Account, kind: str) -> Ref:
    if kind == "statement":
        return Ref(kind, owner.customer.id)
    return owner.payment.ref if kind == "payment" else owner.of(Kind(kind)).ref


def open_link(owner: Account, kind: str) -> Client:
    """A browser that has opened the link to one thing."""
    client = Client(headers={"host": HOST})
    response = client.get(f"{PREFIX}s/{link_to(owner.customer, target(owner, kind), by=OPERATOR)[1]}")
    assert response.status_code == 303
    assert Grant.objects.get(purpose="document_link").scope == "document"
    return client


@pytest.mark.parametrize("kind", REACHED)
def test_a_session_to_one_thing_reaches_that_thing_and_no_other(owner: Account, kind: str) -> None:
    client, paths = open_link(owner, kind), pages(owner)
    own_file = {"files/<str:key>/<str:name>"} if kind == Kind.INVOICE else set()
    assert REACHED[kind] <= set(paths), "the addresses named above are there"
    if own_file:
        paths["files/<str:key>/<str:name>"] = filled(
            "files/<str:key>/<str:name>", {"key": owner.files[1].public_id, "name": owner.files[1].name}
        )
    reached = set()
    for route, path in sorted(paths.items(), key=lambda item: item[0] == "sign-out"):
        response = knock(client, route, path)
        assert response.status in {200, 204, 302, 303, 403, 404}, route
        if response.status in {403, 404}:
            # A nonce is random and may spell a mark.
            text = re.sub(r'nonce="[^"]*"', "", response.text)
            rest = text.replace(path, "").replace(quote(path, safe=""), "")
            assert CODE not in rest, route
        else:
            reached.add(route)
    assert reached == EVERYWHERE | REACHED[kind] | own_file


@pytest.mark.parametrize("kind", REACHED)
def test_other_things_of_the_same_kind_are_out_of_reach(owner: Account, kind: str) -> None:
    client = open_link(owner, kind)
    mine = target(owner, kind).id
    for row in owner.documents:
        if row.id != mine:
            for ending in ("", ".pdf"):
                response = client.get(f"{PREFIX}{SLUGS[row.kind]}/{row.public_id}{ending}")
                assert response.status_code in {403, 404}, row
    for file in owner.files:
        if file.subject_id != mine:
            assert client.get(f"{PREFIX}files/{file.public_id}/{file.name}").status_code in {403, 404}, file


def test_every_address_is_walked(owner: Account) -> None:
    assert set(pages(owner)) == set(routes(PORTAL)) - PUBLIC - OPEN
