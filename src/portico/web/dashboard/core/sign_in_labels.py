"""Labels of links: their kind, their page, and why one that the business signed was refused."""

from django.utils.translation import gettext as _

from portico.domain.access.links.pages import PAGES
from portico.domain.access.models import Purpose


def link_kinds() -> dict[str, str]:
    """Return what links are called, by purpose."""
    return {
        Purpose.PORTAL_LINK: _("Portal link"),
        Purpose.DOCUMENT_LINK: _("Document link"),
        Purpose.MAGIC_LINK: _("Sign-in link"),
        Purpose.SIGNED_LINK: _("Signed by your own site"),
        Purpose.API_PORTAL_URL: _("Link from the API"),
        Purpose.SIGN_IN_MAIL: _("For a sign-in by e-mail"),
    }


def page_choices() -> list[tuple[str, str]]:
    """Return the pages a link may lead to, as choices of a form."""
    words = {
        "my_account": _("My Account"),
        "invoices": _("Invoices"),
        "estimates": _("Estimates"),
        "credit_notes": _("Credit notes"),
        "payments": _("Payments"),
        "balance_forward_statement": _("Statement, balance forward"),
        "open_item_statement": _("Statement, open items"),
        "pay": _("Pay"),
        "update_billing_info": _("Billing details"),
        "add_payment_method": _("Add a payment method"),
    }
    return [(page, words[page]) for page in PAGES]


def refusal_message(reason: str) -> str:
    """Return why a signed link was refused, for the people whose program signed it."""
    sentences = {
        "malformed": _("It is not a JSON Web Token, or longer than 4,096 characters."),
        "wrong_algorithm": _("It is not signed with HS256."),
        "unknown_signature": _("It is not signed with one of your keys."),
        "no_expiry": _("exp is missing, or not a number of seconds."),
        "expired": _("It has expired."),
        "too_long": _("exp is later, or further after iat, than signed links may work for."),
        "not_yet": _("iat or nbf is in the future, or not a number of seconds."),
        "bad_subject": _("sub is missing, or neither a text nor a whole number."),
        "unknown_customer": _("sub names no customer."),
        "bad_id": _("jti is not a text of 1 to 255 characters."),
        "foreign_return_url": _("return_url is on none of the sites you listed."),
        "unknown_page": _("redirect_to is not a page that links can lead to."),
    }
    return sentences.get(reason, reason)
