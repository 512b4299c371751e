"""What is stored of a credential belongs to one purpose and to a key that the server has."""

import pytest
from pytest_django import Settings

from portico.domain.access.models import Purpose
from portico.domain.access.secrets import candidates, stored_form
from portico.lib.ids import new_secret


def test_a_credential_of_one_purpose_is_not_found_by_another() -> None:
    secret = new_secret("pl")
    forms = {stored_form(secret, purpose)[0] for purpose in Purpose}
    assert len(forms) == len(Purpose)
    for purpose in Purpose:
        assert forms & set(candidates(secret, purpose)) == {stored_form(secret, purpose)[0]}


@pytest.mark.parametrize("rotated", [False, True])
def test_a_credential_is_found_under_every_key_the_server_has(settings: Settings, rotated: bool) -> None:
    stored, key_id = stored_form("secret", Purpose.MAGIC_LINK)
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another server key of a good length"
    settings.SECRET_KEY_FALLBACKS = [former] if rotated else []
    assert (stored in candidates("secret", Purpose.MAGIC_LINK)) is rotated
    assert stored_form("secret", Purpose.MAGIC_LINK)[1] != key_id
