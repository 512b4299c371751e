"""What changed of a customer's details or a business's settings, in words: each as it is now, and as it was."""

from typing import Any

from django.utils.translation import gettext as _

from portico.lib.l10n import apart


def changed_details(data: dict[str, Any]) -> str:
    """Return the changes that an activity keeps as `before` and `after`; empty when it keeps none."""
    before, after = data.get("before"), data.get("after")
    if isinstance(before, str) and isinstance(after, str):
        return _change(_("E-mail"), before, after)
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""
    labels = _labels()
    return " · ".join(
        _change(labels[name.rpartition(".")[2]], _text(before.get(name, "")), _text(value))
        for name, value in after.items()
        if name.rpartition(".")[2] in labels
    )


def _change(label: str, before: str, after: str) -> str:
    words = {"field": label, "before": apart(before), "after": apart(after or "–")}
    return (_("%(field)s: %(after)s, before: %(before)s") if before else _("%(field)s: %(after)s")) % words


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _labels() -> dict[str, str]:
    return {
        "name": _("Name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "role": _("Role"),
        "tax_id": _("Tax number"),
        "language": _("Language"),
        "line1": _("Street and number"),
        "line2": _("Further line"),
        "postal_code": _("Postal code"),
        "city": _("Town"),
        "region": _("State or region"),
        "country": _("Country"),
        "sign_in_url": _("Your sign-in page"),
        "return_origins": _("Sites to go back to"),
        "signed_link_minutes": _("Signed links work for at most (minutes)"),
        "account_visit_hours": _("A visit to the account lasts at most (hours)"),
        "document_visit_hours": _("A visit to a single document lasts at most (hours)"),
        "visit_idle_minutes": _("A visit ends unused after (minutes)"),
    }
