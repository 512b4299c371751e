"""Where a business's portal answers and its links lead, from what is configured and never from a request."""

from django.conf import settings

from portico.domain.businesses.models import Business


def has_own_host(business: Business) -> bool:
    """Tell whether a business's portal has a host of its own, rather than a path of the base host."""
    domain = settings.PORTICO_PORTAL_DOMAIN
    # The base host may lie within the portals' domain; a business of that name is then reached by its path.
    return bool(domain) and f"{business.slug}.{domain}" != settings.PORTICO_BASE_HOST


def portal_base(business: Business) -> str:
    """Return the address of a business's portal, ending in `/`."""
    host = f"{business.slug}.{settings.PORTICO_PORTAL_DOMAIN}"
    if has_own_host(business):
        scheme, _, rest = settings.PORTICO_BASE_URL.partition("://")
        port = rest.rpartition(":")[2] if rest.rpartition(":")[2].isdigit() else ""
        return f"{scheme}://{host}{':' + port if port else ''}/"
    return f"{settings.PORTICO_BASE_URL}/portal/{business.slug}/"


def sign_in_url(business: Business, secret: str) -> str:
    """Return the address that a sign-in mail's link leads to."""
    return f"{portal_base(business)}sign-in/{secret}"


def email_change_url(business: Business, secret: str) -> str:
    """Return the address where a new e-mail address is confirmed."""
    return f"{portal_base(business)}email/{secret}"


def email_undo_url(business: Business, secret: str) -> str:
    """Return the address where a changed e-mail address is taken back."""
    return f"{portal_base(business)}email-undo/{secret}"


def contacts_url(business: Business) -> str:
    """Return the address of the page with a customer's contacts; whoever is not signed in signs in there first."""
    return f"{portal_base(business)}billing-details"


def payment_methods_url(business: Business) -> str:
    """Return the address of a customer's payment methods; whoever is not signed in signs in there first."""
    return f"{portal_base(business)}billing-details/payment-methods"


def link_url(business: Business, secret: str) -> str:
    """Return the address that a link's secret is opened at."""
    return f"{portal_base(business)}s/{secret}"


def payment_return_url(business: Business, token: str, *, by_path: bool) -> str:
    """Return the address a provider sends a customer back to; `by_path` where they came by the base host's path.

    A session is bound to its host, so a customer comes back to the one they left from.
    """
    base = f"{settings.PORTICO_BASE_URL}/portal/{business.slug}/" if by_path else portal_base(business)
    return f"{base}pay/back/{token}"


def setup_return_url(business: Business, token: str, *, by_path: bool) -> str:
    """Return the address a provider sends a customer back to who saves a payment method, as `payment_return_url`."""
    base = f"{settings.PORTICO_BASE_URL}/portal/{business.slug}/" if by_path else portal_base(business)
    return f"{base}billing-details/payment-methods/back?setup={token}"


def messages_url(business: Business) -> str:
    """Return the URL of a customer's messages; a visitor who is signed out signs in there first."""
    return f"{portal_base(business)}messages"


def staff_conversation_url(name: str, *, about: bool) -> str:
    """Return the page for staff of the conversation about a document, or else of a customer, by its public id."""
    return f"{settings.PORTICO_BASE_URL}/{'documents' if about else 'customers'}/{name}/conversation"


def staff_document_url(name: str) -> str:
    """Return the address of a document's page for staff, by its public id."""
    return f"{settings.PORTICO_BASE_URL}/documents/{name}"


def gateway_webhook_url(gateway: str, business: Business) -> str:
    """Return the address that a payment provider posts its notices about a business to."""
    return f"{settings.PORTICO_BASE_URL}/webhooks/gateways/{gateway}/{business.slug}"
