"""Every address of the dashboard says who may open it, and what only owners open stays shut for other staff."""

import pytest
from django.test import Client
from django.urls import URLPattern

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Membership
from portico.web.dashboard import urls
from tests.cast import HOST, PASSWORD, Cast, make_cast
from tests.rules.routes import filled
from tests.rules.test_strangers import DASHBOARD_CASES, Page, Row, everything

# Everybody, signed in or not.
ANYBODY = {
    "account_login", "account_logout", "account_reset_password", "choose_password", "invitation", "mfa_authenticate",
    "mfa_login_webauthn",
}  # fmt: skip
# Everybody signed in, about their own account.
PERSON = {
    "account_change_password", "businesses", "confirm_identity", "second_factor", "set_up_app", "add_passkey",
    "recovery_codes", "remove_factor",
}  # fmt: skip
# People, keys, payment providers, scripts, who the business is, its closed books, and where customers pay to.
OWNERS = {
    "business_settings",
    "datev_settings", "embedding_settings", "embedding_example",
    "portal_script", "analytics_settings", "trusted_sites", "payment_gateways", "add_payment_gateway",
    "payment_gateway", "magic_keys", "domain", "domains", "new_bank_account", "bank_account", "team",
    "api_keys", "audit_log", "audit_log_csv",
}  # fmt: skip


@pytest.fixture
def cast(db: None, clock: Clock) -> Cast:
    return make_cast()


def _who(pattern: URLPattern) -> str:
    found = vars(pattern.callback).get("opened_by", "")
    assert isinstance(found, str)
    return found


def test_every_address_names_who_may_open_it() -> None:
    named = {str(pattern.name): _who(pattern) for pattern in urls.urlpatterns}
    assert "" not in named.values(), "decorate the view with staff_page, owner_page, personal_page or public_page"
    assert {name for name, who in named.items() if who == "owner"} == OWNERS
    assert {name for name, who in named.items() if who == "anybody"} == ANYBODY
    assert {name for name, who in named.items() if who == "person"} == PERSON


def test_what_only_owners_open_is_shut_for_members(cast: Cast) -> None:
    business = cast.owner.business
    user = create_staff(business, "member@nordlicht.example", PASSWORD, by=OPERATOR)
    assert user.memberships.get().role == Membership.Role.MEMBER
    member = Client(headers={"host": HOST})
    member.force_login(user)
    before = everything(), Activity.objects.count()
    for pattern in urls.urlpatterns:
        if _who(pattern) != "owner":
            continue
        case = DASHBOARD_CASES[str(pattern.pattern)]
        if isinstance(case, Row):
            paths = [filled(str(pattern.pattern), {case.parameter: name}) for name in case.ids(cast.owner)]
        else:
            assert isinstance(case, Page)
            paths = [filled(str(pattern.pattern), values) for values in case.values]
        forms = case.forms(cast.owner) if isinstance(case, Page) else [{"do": "remove", "confirmed": "yes"}]
        for path in paths:
            answers = [member.get(f"/{path}"), *(member.post(f"/{path}", form) for form in forms)]
            assert {answer.status_code for answer in answers} == {403}, path
            assert "Only an owner can open this" in answers[0].content.decode()
            assert cast.staff.email in answers[0].content.decode()
    assert (everything(), Activity.objects.count()) == before
