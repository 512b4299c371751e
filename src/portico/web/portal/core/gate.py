"""The gates every portal request passes, in order: business, master switch, session, account, reach, section, row.

A gate that stays closed raises a refusal of `core/refusals.py`; `core/refusal_pages.py` makes a page of it.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portico.domain.access import errors
from portico.domain.access import queries as access
from portico.domain.access.links.pages import known_page
from portico.domain.access.links.queries.grants import find_grant, renewal_email
from portico.domain.access.models import Grant
from portico.domain.access.portal_urls import portal_base, visited_base
from portico.domain.access.sessions.actions.resume import session_facts, viewer_of
from portico.domain.access.sessions.queries import SessionFacts, why_ended
from portico.domain.access.viewer import ClientInfo, CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.link_life import refuse_ended
from portico.domain.documents.models import Kind
from portico.lib.errors import NotFound
from portico.lib.ids import public_id
from portico.lib.l10n import best_language
from portico.web.portal.core.refusals import (
    AnotherAccount,
    LinkEnded,
    LinkExpired,
    LinkNotFound,
    Moved,
    NoPortal,
    NotVisible,
    PortalUnavailable,
    SignedOut,
    StepUpNeeded,
)
from portico.web.shared.frames import allow_frames, in_frame, is_own_form, token_in
from portico.web.shared.sites import requested_site, visitor_ip

_ACTING_FOR_HEADER = "HTTP_X_ACTING_FOR"
ACTING_FOR_FIELD = "acting_for"

type Page[**P] = Callable[Concatenate[HttpRequest, CustomerViewer, P], HttpResponseBase]
type PublicPage[**P] = Callable[Concatenate[HttpRequest, Business, P], HttpResponseBase]
type LinkPage = Callable[[HttpRequest, Grant], HttpResponseBase]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_READING = frozenset({"GET", "HEAD"})

# The methods of a page with a form that comes back to it.
FORM = _READING | {"POST"}

# What a link to a single thing can open; pages name those they are for.
DOCUMENTS = frozenset(Kind)
EVERY_TARGET = DOCUMENTS | {"payment", "statement", "subscription"}


def portal_page[**P](
    section: str = "",
    *,
    methods: Collection[str] = _READING,
    opens: Collection[str] = (),
    fresh: bool = False,
    signs_in: bool = False,
) -> Callable[[Page[P]], View[P]]:
    """Make a view of a page that is only for signed-in customers.

    The page gets the request and the Viewer. `section` names the business's switch that shows it; off means 404.
    A session to the whole account opens every page, one to a single thing those whose `opens` names its kind: which of
    that kind is for the Viewer's query. A `fresh` page is for who has lately shown who they are, and asks others to.
    One that `signs_in` sends who is signed out to the business's own sign-in.
    """

    def decorate(page: Page[P]) -> View[P]:
        # The check of a form's origin comes after the gates: a closed portal answers as one, whatever is sent to it. It
        # comes before a form is asked to wait, as nobody else's form is to be carried on.
        unchecked = _for_the_fresh(page) if fresh else page
        protected = csrf_protect(unchecked)

        @csrf_exempt
        @wraps(page)
        def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            def admitted(viewer: CustomerViewer) -> HttpResponseBase:
                if made_for_another(request, viewer.customer.id):
                    raise AnotherAccount(viewer)
                if not viewer.has_account and viewer.session.target_kind not in opens:
                    raise StepUpNeeded(viewer)
                if section and not getattr(viewer.business, section):
                    raise NotFound("This section is not shown.")
                if request.method not in methods:
                    return HttpResponseNotAllowed(sorted(methods))
                # In a frame there is no cookie to hold a token against; the browser itself says whose form it is.
                answer_of = unchecked if is_own_form(request) else protected
                return answer_of(request, viewer, *args, **kwargs)

            return _through_the_gates(request, admitted, may_leave=signs_in)

        return view

    return decorate


def _for_the_fresh[**P](page: Page[P]) -> Page[P]:
    @wraps(page)
    def view(request: HttpRequest, viewer: CustomerViewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not viewer.is_fresh:
            raise StepUpNeeded(viewer, form_waits=True)
        return page(request, viewer, *args, **kwargs)

    return view


def public_page[**P](
    *, methods: Collection[str] = _READING, leads_over: bool = True
) -> Callable[[PublicPage[P]], View[P]]:
    """Make a view of a page of the portal for those who are not signed in.

    The page gets the request and the business. In a portal that is off there are none. One that `leads_over` sends
    visitors of an older address of the portal on to the one that links lead to.
    """

    def decorate(page: PublicPage[P]) -> View[P]:
        protected = csrf_protect(page)

        @csrf_exempt
        @wraps(page)
        def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            business = portal_business(request)
            if leads_over:
                lead_over(request, business)
            with translation.override(language_for(request, business, None)):
                if not business.portal_enabled:
                    raise PortalUnavailable(business)
                if request.method not in methods:
                    return keep_private(HttpResponseNotAllowed(sorted(methods)))
                return keep_private(protected(request, business, *args, **kwargs))

        return view

    return decorate


def link_page(page: LinkPage) -> View[[str]]:
    """Make a view of a page for the holder of a link, in the language of the link's customer.

    The page gets the request and a link that works, looked up once; what the domain says against another becomes a
    refusal. The page checks the origin of its forms itself.
    """

    @csrf_exempt
    @wraps(page)
    def view(request: HttpRequest, /, secret: str) -> HttpResponseBase:
        business = portal_business(request)
        lead_over(request, business)
        grant = link_of(business, secret)
        with translation.override(language_for(request, business, None, grant.customer if grant else None)):
            if not business.portal_enabled:
                raise PortalUnavailable(business)
            if grant is None:
                raise LinkNotFound(business)
            try:
                refuse_ended(grant)
                return keep_private(page(request, grant))
            except errors.LinkClosed as error:
                if error.reason != "expired":
                    raise LinkEnded(business, error.reason) from error
                asked = known_page(request.GET.get("page", ""))
                renew_url = reverse("fresh_link", args=[secret], query={"page": asked} if asked else None)
                raise LinkExpired(business, renewal_email(error.grant), renew_url) from error

    return view


def link_of(business: Business, secret: str) -> Grant | None:
    """Return the link a secret belongs to, whether it still works or not, or None."""
    try:
        return find_grant(business, secret)
    except errors.LinkUnknown:
        return None


def unknown_page(request: HttpRequest) -> HttpResponseBase:
    """Refuse a URL that no page of the portal has, by the same gates as a page."""

    def admitted(viewer: CustomerViewer) -> HttpResponseBase:
        raise NotFound("There is no such page.")

    return _through_the_gates(request, admitted)


def _through_the_gates(
    request: HttpRequest, admitted: Callable[[CustomerViewer], HttpResponseBase], *, may_leave: bool = False
) -> HttpResponseBase:
    viewer = current_viewer(request)
    business = viewer.business if viewer else portal_business(request)
    former = ended_session(request) if viewer is None else None
    customer = viewer.customer if viewer else former[0] if former else None
    with translation.override(language_for(request, business, viewer, customer)):
        if not business.portal_enabled:
            raise PortalUnavailable(business)
        if viewer is None:
            lead_over(request, business)
            raise SignedOut(business, former[1] if former else "", may_leave)
        try:
            return _for_frames(request, viewer, keep_private(admitted(viewer)))
        except (NotFound, Http404) as error:
            raise NotVisible(viewer) from error


def _for_frames(request: HttpRequest, viewer: CustomerViewer, response: HttpResponseBase) -> HttpResponseBase:
    if viewer.session.embedded:
        allow_frames(request, response, viewer.business)
    return response


def made_for_another(request: HttpRequest, customer_id: UUID) -> bool:
    """Tell whether what is sent comes from a page made for another customer than the one this browser acts for now.

    Pages say whom they were made for in their forms and in what their scripts ask: two accounts in two tabs of one
    browser never mix.
    """
    said = request.META.get(_ACTING_FOR_HEADER)
    if not said and request.method == "POST":
        said = request.POST.get(ACTING_FOR_FIELD)
    return bool(said) and said != public_id("customer", customer_id)


def current_viewer(request: HttpRequest) -> CustomerViewer | None:
    """Return who the request's cookie belongs to, at this business and host, or None."""
    requested = requested_site(request)
    token = _token(request)
    viewer = viewer_of(token, slug=requested.slug, host=requested.host, ip=visitor_ip(request)) if token else None
    # What was opened in a frame is good in frames, and what was not is not.
    return viewer if viewer and viewer.session.embedded == in_frame(request) else None


def current_facts(request: HttpRequest) -> SessionFacts | None:
    """Return what the pages of `current_viewer` depend on, or None."""
    requested = requested_site(request)
    token = _token(request)
    return session_facts(token, slug=requested.slug, host=requested.host) if token else None


def ended_session(request: HttpRequest) -> tuple[Customer, str] | None:
    """Return whose session the request's cookie was from and why it is over, or None when there was none."""
    requested = requested_site(request)
    token = _token(request)
    return why_ended(token, slug=requested.slug, host=requested.host) if token else None


def client_of(request: HttpRequest) -> ClientInfo:
    """Return where a request comes from, as a session keeps it."""
    host = requested_site(request).host
    return ClientInfo(host, visitor_ip(request), request.headers.get("User-Agent", ""), in_frame(request))


def portal_business(request: HttpRequest) -> Business:
    """Return the business whose portal this is. Raises NoPortal."""
    requested = requested_site(request)
    business = requested.business or access.business_by_slug(requested.slug)
    if business is None:
        raise NoPortal
    return business


def base_visited(request: HttpRequest, business: Business) -> str:
    """Return the portal's address that this request came to, ending in `/`: sessions are bound to it."""
    requested = requested_site(request)
    return visited_base(business, requested.host, by_path=requested.prefixed)


def lead_over(request: HttpRequest, business: Business) -> None:
    """Send a visitor of an older address on to the domain that links lead to. Raises Moved.

    Only for reading, and only who has no session here: a session is bound to its host and goes on until it ends.
    """
    if business.custom_domain and request.method in _READING and requested_site(request).host != business.custom_domain:
        raise Moved(portal_base(business) + request.get_full_path().removeprefix(get_script_prefix()))


def language_for(
    request: HttpRequest, business: Business, viewer: CustomerViewer | None, customer: Customer | None = None
) -> str:
    """Return the reader's language: chosen in this session, the customer's, the business's, the browser's, English.

    `customer` is the one that a link or a session that is over belongs to, where that is known.
    """
    known = customer or (viewer.customer if viewer else None)
    return first_language(
        request, viewer.session.language if viewer else "", known.language if known else "", business.language
    )


def first_language(request: HttpRequest, *languages: str) -> str:
    """Return the first supported language preferred, else the browser's, else English."""
    return next(filter(None, languages), None) or best_language(request.META.get("HTTP_ACCEPT_LANGUAGE", "")) or "en"


def cookie_name(slug: str) -> str:
    """The session cookie's name: one per business where several share a host.

    A slug has no point in it, so neither the name of another slug nor one of our other cookies can be the same.
    """
    name = f"portico-portal.{slug}" if slug else "portico-portal"
    return f"__Host-{name}" if settings.PORTICO_HTTPS else name


def cookie_of(request: HttpRequest) -> str:
    """The name of the cookie that this request's session is kept in: a frame has its own beside that of a tab."""
    requested = requested_site(request)
    name = cookie_name(requested.slug if requested.prefixed else "")
    return f"{name}.frame" if in_frame(request) else name


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Mark what only this visitor may see, unless the page has said how it may be kept."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    patch_vary_headers(response, ["Cookie", "Host", "Accept-Language"])
    return response


def _token(request: HttpRequest) -> str:
    return token_in(request, cookie_of(request))
