from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.lib.ids import hash_secret, new_secret, parse_public_id, public_id, uuid7, well_formed


def test_keys_sort_in_the_order_they_are_made() -> None:
    keys = [uuid7() for _ in range(5000)]
    assert sorted(keys) == keys
    assert len(set(keys)) == 5000
    assert {key.version for key in keys} == {7}


@given(key=st.uuids())
def test_a_public_id_names_its_key(key: UUID) -> None:
    assert parse_public_id(public_id("invoice", key), "invoice", "estimate") == key
    assert parse_public_id(public_id("invoice", key), "estimate") is None


def test_a_public_id_follows_the_typeid_specification() -> None:
    assert public_id("user", UUID("01890a5d-ac96-774b-bcce-b302099a8057")) == "user_01h455vb4pex5vsknk084sn02q"


@pytest.mark.parametrize(
    "text", ["", "inv_", "inv_x", "inv_0123", "inv_zzzzzzzzzzzzzzzzzzzzzzzzzz", "nope", "inv_ü" * 9]
)
def test_what_is_no_public_id_is_none(text: str) -> None:
    assert parse_public_id(text, "invoice") is None


def test_a_secret_tells_its_own_typing_errors() -> None:
    secret = new_secret("pl")
    assert well_formed(secret, "pl")
    assert not well_formed(secret, "ml")
    changed = "a" if secret[10] != "a" else "b"
    assert not well_formed(secret[:10] + changed + secret[11:], "pl")


def test_the_same_secret_hashes_differently_by_purpose_and_key() -> None:
    hashes = {hash_secret("s", purpose=purpose, key=key) for purpose in ("a", "b") for key in (b"1", b"2")}
    assert len(hashes) == 4
