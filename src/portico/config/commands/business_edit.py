from datetime import date
from typing import Any

import click

from portico.config.command import Command, business_option, operator_of
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_profile import PROFILE_FIELDS
from portico.domain.businesses.legal import missing_for_invoices
from portico.domain.businesses.models import Business
from portico.domain.documents.actions.change_business import change_business
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.numbering import Series, number_series
from portico.lib.errors import Invalid

_FIELDS = (*PROFILE_FIELDS, "lock_date")
_SERIES_FIELDS = ("prefix", "next_number", "padding", "yearly")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False, "": False}


@click.command("edit", cls=Command)
@business_option
@click.argument("settings", nargs=-1, metavar="[FIELD=VALUE]...")
def command(slug: str, settings: tuple[str, ...]) -> None:
    """Change what a business's documents say of it, and what its documents begin with. Alone, show all of it.

    Fields are those of `GET /api/v1/business`; numbers of a kind are `invoice.prefix`, `invoice.next_number`,
    `invoice.padding` and `invoice.yearly`. An empty value empties a field.

    \b
    Example:
      portico business edit --business nordwind legal_name="Nordwind Atelier GmbH" \\
        tax_id=DE811569869 default_due_days=14 ageing_edges=30,60,90 invoice.prefix={year}-
    """
    business = operator_of(slug).business
    changes, series = _read(business, settings)
    if settings:
        business = change_business(business, changes, series=series, by=OPERATOR)
    for name in _FIELDS:
        value = getattr(business, name)
        click.echo(f"{name}={_shown(value)}")
    for row in number_series(business):
        click.echo(f"{row.kind}.prefix={row.prefix}  (next: {row.preview(business.today().year)[0]})")
    missing = missing_for_invoices(business)
    if missing:
        click.echo(f"The law of {business.country} asks for more on an invoice: {', '.join(missing)}.", err=True)


def _read(business: Business, settings: tuple[str, ...]) -> tuple[dict[str, Any], list[Series]]:
    """Return the changes that were typed. Raises Invalid for what is no field or has no such value."""
    changes: dict[str, Any] = {}
    numbers: dict[str, dict[str, Any]] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        kind, _, part = name.partition(".")
        if not equals:
            raise Invalid(f"{setting!r} is no FIELD=VALUE.")
        if kind in SPECS and part in _SERIES_FIELDS:
            numbers.setdefault(kind, {})[part] = _value(part, value)
        elif name in _FIELDS:
            changes[name] = _value(name, value)
        else:
            raise Invalid(f"There is no field {name!r}. Fields are {', '.join(_FIELDS)}.")
    series = [
        Series(row.kind, **{part: numbers[row.kind].get(part, getattr(row, part)) for part in _SERIES_FIELDS})
        for row in number_series(business)
        if row.kind in numbers
    ]
    return changes, series


def _value(name: str, text: str) -> Any:
    try:
        if name == "lock_date":
            return date.fromisoformat(text) if text else None
        if name == "default_due_days":
            return int(text) if text else None
        if name in {"next_number", "padding"}:
            return int(text)
        if name == "ageing_edges":
            return [int(part) for part in text.split(",") if part]
        if name in {"default_prices_include_tax", "yearly"}:
            return _YES_NO[text.lower()]
    except (ValueError, KeyError) as error:
        raise Invalid(f"{name} can't be {text!r}.") from error
    return text


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).replace("\n", "\\n")
