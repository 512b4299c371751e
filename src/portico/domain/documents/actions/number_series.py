"""How a business's documents are numbered from now on. Numbers that were given stay."""

from collections.abc import Sequence as Sequence_
from dataclasses import asdict

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Sequence
from portico.domain.documents.numbering import SHORT_YEAR, YEAR, Series, names_year, number_series
from portico.lib.errors import FieldError, Invalid

MOST_DIGITS = 12
LONGEST_PREFIX = 20
LAST_NUMBER = 10**12


@transaction.atomic
def set_number_series(business: Business, wanted: Sequence_[Series], *, by: Actor) -> None:
    """Number kinds of documents another way; what is unchanged is not recorded.

    A number that is taken already is passed over when its turn comes. Raises Invalid with every field that is wrong.
    """
    if not wanted:
        return
    _check(wanted)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    # What is kept before it is compared: nobody takes a number in between.
    list(Sequence.objects.select_for_update().filter(business=business).order_by("pk"))
    known = {series.kind: series for series in number_series(business)}
    changed = [series for series in wanted if series != known[series.kind]]
    for series in changed:
        values = {
            "prefix": series.prefix,
            "next_number": series.next_number,
            "padding": series.padding,
            "yearly": series.yearly,
            "year": business.today().year if series.yearly else None,
        }
        Sequence.objects.update_or_create(business=business, series=series.kind, defaults=values)
    if changed:
        data = {
            "before": {series.kind: asdict(known[series.kind]) for series in changed},
            "after": {series.kind: asdict(series) for series in changed},
        }
        record(Event.NUMBERING_CHANGED, business, by=by, data=data)


def _check(wanted: Sequence_[Series]) -> None:
    wrong = []
    for series in wanted:
        place = f"/number_series/{series.kind}"
        bare = series.prefix.replace(YEAR, "").replace(SHORT_YEAR, "")
        if len(series.prefix) > LONGEST_PREFIX or series.prefix != series.prefix.strip() or not bare.isprintable():
            message = f"A prefix has up to {LONGEST_PREFIX} characters, without blanks around them."
            wrong.append(FieldError(f"{place}/prefix", message))
        elif "{" in bare or "}" in bare:
            wrong.append(FieldError(f"{place}/prefix", f"In braces there stands {YEAR} or {SHORT_YEAR}."))
        if series.yearly and not names_year(series.prefix):
            message = f"A series that begins anew each year has {YEAR} or {SHORT_YEAR} in its prefix."
            wrong.append(FieldError(f"{place}/prefix", message))
        if not 1 <= series.next_number <= LAST_NUMBER:
            wrong.append(FieldError(f"{place}/next_number", f"Give a number from 1 to {LAST_NUMBER}."))
        if not 1 <= series.padding <= MOST_DIGITS:
            wrong.append(FieldError(f"{place}/padding", f"Give a number of digits from 1 to {MOST_DIGITS}."))
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
