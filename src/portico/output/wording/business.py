"""What the fields of a business's profile are called, on its page and where something is missing."""

from django.utils.translation import gettext as _

from portico.output.wording.tax import tax_id_field, tax_number_label


def business_field_label(name: str, country: str) -> str:
    """Return the label of a field of the profile, as its country calls it; "" for a field without a label."""
    labels = {
        "name": _("Name"),
        "legal_name": _("Name in law"),
        "line1": _("Street and number"),
        "line2": _("More of the address"),
        "postal_code": _("Postal code"),
        "city": _("City"),
        "region": _("State or region"),
        "country": _("Country"),
        "tax_id": tax_id_field(country),
        "tax_number": tax_number_label(),
        "registration_number": _("Registration number"),
        "registration_court": _("Register"),
        "directors": _("Directors"),
        "legal_note": _("Further details at the foot of papers"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "website": _("Website"),
        "terms_url": _("Link to your terms"),
        "privacy_url": _("Link to your privacy policy"),
        "language": _("Language of the portal"),
        "default_due_days": _("Invoices are due after (days)"),
        "default_terms": _("Payment terms"),
        "default_prices_include_tax": _("Prices include tax"),
        "discount_tax": _("Discount on a whole document"),
        "ageing_edges": _("Ageing, days past due"),
        "lock_date": _("Books are closed up to"),
    }
    return labels.get(name, "")
