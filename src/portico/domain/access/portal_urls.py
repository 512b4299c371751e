"""Where a business's portal answers and its links lead, from what is configured and never from a request."""

from django.conf import settings

from portico.domain.businesses.models import Business


def has_own_host(business: Business) -> bool:
    """Tell whether a business's portal has a host of its own, rather than a path of the base host."""
    return bool(_own_host(business))


def portal_base(business: Business) -> str:
    """Return the address of a business's portal that links lead to, ending in `/`."""
    host = _own_host(business)
    return _root_of(host) if host else f"{settings.PORTICO_BASE_URL}/portal/{business.slug}/"


def visited_base(business: Business, host: str, *, by_path: bool) -> str:
    """Return the address of a business's portal that a visitor came to, ending in `/`.

    `host` is one that is known to be the business's; `by_path` says that they came by the base host's path instead.
    """
    return f"{settings.PORTICO_BASE_URL}/portal/{business.slug}/" if by_path else _root_of(host)


def _own_host(business: Business) -> str:
    if business.custom_domain:
        return business.custom_domain
    domain = settings.PORTICO_PORTAL_DOMAIN
    host = f"{business.slug}.{domain}"
    # The base host may lie within the portals' domain; a business of that name is then reached by its path.
    return host if domain and host != settings.PORTICO_BASE_HOST else ""


def _root_of(host: str) -> str:
    scheme, _, rest = settings.PORTICO_BASE_URL.partition("://")
    port = rest.rpartition(":")[2] if rest.rpartition(":")[2].isdigit() else ""
    return f"{scheme}://{host}{':' + port if port else ''}/"


def sign_in_url(business: Business, secret: str) -> str:
    """Return the address that a sign-in mail's link leads to."""
    return f"{portal_base(business)}sign-in/{secret}"


def email_change_url(business: Business, secret: str) -> str:
    """Return the address where a new e-mail address is confirmed."""
    return f"{portal_base(business)}email/{secret}"


def email_undo_url(business: Business, secret: str) -> str:
    """Return the address where a changed e-mail address is taken back."""
    return f"{portal_base(business)}email-undo/{secret}"


def unsubscribe_url_of(business: Business, token: str) -> str:
    """Return the address where the recipient of a mail switches mails like it off."""
    return f"{portal_base(business)}unsubscribe/{token}"


def contacts_url(business: Business) -> str:
    """Return the URL of the page with a customer's contacts, behind sign-in."""
    return f"{portal_base(business)}billing-details"


def payment_methods_url(business: Business) -> str:
    """Return the URL of a customer's payment methods, behind sign-in."""
    return f"{portal_base(business)}billing-details/payment-methods"


def link_url(business: Business, secret: str, page: str = "") -> str:
    """Return the address that a link's secret is opened at, and leads from to one of the pages that links know."""
    return f"{portal_base(business)}s/{secret}" + (f"?page={page}" if page else "")


def payment_return_url(base: str, token: str, *, in_frame: bool = False) -> str:
    """Return the address a provider sends a customer back to; it says whether they left from a frame, for a new tab.

    A session is bound to its host, so `base` is the portal's address that the customer left from: `visited_base`.
    """
    return f"{base}pay/back/{token}{'?frame=1' if in_frame else ''}"


def setup_return_url(base: str, token: str, *, in_frame: bool = False) -> str:
    """Return the address a provider sends a customer back to who saves a payment method, as `payment_return_url`."""
    return f"{base}billing-details/payment-methods/back?setup={token}{'&frame=1' if in_frame else ''}"


def messages_url(business: Business) -> str:
    """Return the URL of a customer's messages; a visitor who is signed out signs in there first."""
    return f"{portal_base(business)}messages"


def staff_link_url(path: str, secret: str) -> str:
    """Return the address that a link mailed to staff is opened at; `path` is `invitation` or `password/reset`."""
    return f"{settings.PORTICO_BASE_URL}/accounts/{path}/{secret}/"


def staff_conversation_url(name: str, *, about: bool) -> str:
    """Return the page for staff of the conversation about a document, or else of a customer, by its public id."""
    return f"{settings.PORTICO_BASE_URL}/{'documents' if about else 'customers'}/{name}/conversation"


def staff_inbox_url() -> str:
    """Return the address of the inbox for staff."""
    return f"{settings.PORTICO_BASE_URL}/inbox"


def staff_mail_url(name: str) -> str:
    """Return the address of a mail's page for staff, by its public id."""
    return f"{settings.PORTICO_BASE_URL}/mail/{name}"


def staff_domains_url() -> str:
    """Return the address of the page with a business's own domains, for its owners."""
    return f"{settings.PORTICO_BASE_URL}/settings/domains"


def staff_document_url(name: str) -> str:
    """Return the address of a document's page for staff, by its public id."""
    return f"{settings.PORTICO_BASE_URL}/documents/{name}"


def gateway_webhook_url(gateway: str, business: Business) -> str:
    """Return the address that a payment provider posts its notices about a business to."""
    return f"{settings.PORTICO_BASE_URL}/webhooks/gateways/{gateway}/{business.slug}"
