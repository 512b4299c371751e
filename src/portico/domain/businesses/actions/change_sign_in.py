from collections.abc import Iterable

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.lib.errors import FieldError, Invalid
from portico.lib.origins import read_address, read_origin

MOST_ORIGINS = 20


@transaction.atomic
def change_sign_in(business: Business, sign_in_url: str, return_origins: Iterable[str], *, by: Actor) -> Business:
    """Set where customers sign in at the business's own site (empty: nowhere) and the sites they may be sent back to.

    Origins are kept in one spelling and order. What is unchanged is not recorded. Raises Invalid with the places that
    are wrong.
    """
    origins = _checked(sign_in_url, return_origins)
    after = {"sign_in_url": sign_in_url, "return_origins": origins}
    business = Business.objects.select_for_update().get(pk=business.pk)
    before = {name: getattr(business, name) for name in after}
    if before == after:
        return business
    business.sign_in_url, business.return_origins = sign_in_url, origins
    business.save(update_fields=list(after))
    record(
        "settings.changed",
        business.ref,
        business_id=business.id,
        by=by,
        revises=business,
        data={"before": before, "after": after},
    )
    return business


def _checked(sign_in_url: str, return_origins: Iterable[str]) -> list[str]:
    wrong: list[FieldError] = []
    origins: set[str] = set()
    if sign_in_url:
        try:
            read_address(sign_in_url)
        except Invalid as error:
            wrong.append(FieldError("/sign_in_url", error.message))
    for index, text in enumerate(return_origins):
        try:
            origins.add(read_origin(text))
        except Invalid as error:
            wrong.append(FieldError(f"/return_origins/{index}", error.message))
    if len(origins) > MOST_ORIGINS:
        wrong.append(FieldError("/return_origins", f"At most {MOST_ORIGINS} sites can be listed."))
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    return sorted(origins)
