"""The mail that follows when somebody has asked for a fresh link in place of an expired one."""

from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.queries.grants import renewal_email
from portico.domain.access.models import Grant
from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.link_life import ends
from portico.domain.documents.models import Document
from portico.lib.clock import local_date
from portico.lib.l10n import current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.emails import FreshLink
from portico.output.wording.kinds import document_title


def mail_fresh_link(asked: Activity) -> None:
    """Make a link in place of an expired one and mail it. Tried again, another one takes its place."""
    expired = Grant.objects.select_related("business", "customer", "contact").get(pk=asked.subject_id)
    business, customer, to = expired.business, expired.customer, renewal_email(expired)
    if not (business.portal_enabled and to):
        return

    def write() -> FreshLink:
        by = Actor(asked.actor_kind, asked.actor_id, asked.actor_label)
        target = expired.target
        grant, secret = link_to(customer, target, by=by) if target else regenerate_portal_link(customer, by=by)
        grant.business = business
        last_day = local_date(ends([grant])[grant.id], business.time_zone)
        return FreshLink(link_url(business, secret, asked.data.get("page", "")), last_day, _title(expired))

    send(FreshLink, write, about=asked, to=to, business=business, customer=customer)


def _title(grant: Grant) -> str:
    """Return what a link leads to, as its mail calls it, in the language that is active; empty where it has no name."""
    document = Document.objects.filter(pk=grant.target_id).first() if grant.target_id else None
    return document_title(document, formatter(current_language())) if document else ""
