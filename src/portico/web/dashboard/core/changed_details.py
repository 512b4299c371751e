"""What changed of a customer's details or a business's settings, in words: each as it is now, and as it was."""

from typing import Any

from django.utils.translation import gettext as _

from portico.lib.l10n import apart
from portico.web.shared.customer_details import detail_labels


def changed_details(data: dict[str, Any]) -> str:
    """Return the changes that an activity keeps as `before` and `after`; empty when it keeps none."""
    before, after = data.get("before"), data.get("after")
    if isinstance(before, str) and isinstance(after, str):
        return _change(detail_labels()["email"], before, after)
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
    return detail_labels() | {
        "accent": _("Colour"),
        "corners": _("Corners"),
        "typeface": _("Typeface"),
        "sign_in_url": _("Your sign-in page"),
        "return_origins": _("Sites to go back to"),
        "embed_origins": _("Sites that may show the portal"),
        "signed_link_minutes": _("Signed links work for at most (minutes)"),
        "account_visit_hours": _("A session to the account lasts at most (hours)"),
        "document_visit_hours": _("A session to a single document lasts at most (hours)"),
        "visit_idle_minutes": _("A session ends unused after (minutes)"),
    }
