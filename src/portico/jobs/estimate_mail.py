"""The mail that tells staff what became of an estimate."""

from portico.domain.access.portal_urls import staff_document_url
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.queries import staff_emails
from portico.domain.documents.models import Document
from portico.lib.clock import local_date
from portico.lib.l10n import current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.estimate_emails import EstimateDecided
from portico.output.wording.kinds import document_title


def mail_estimate_decided(decided: Activity) -> None:
    """Tell everybody on the business's staff that an estimate was approved or declined."""
    estimate = Document.objects.select_related("business", "customer").get(pk=decided.subject_id)
    business, is_approved = estimate.business, decided.verb == Event.ESTIMATE_APPROVED

    def write() -> EstimateDecided:
        return EstimateDecided(
            title=document_title(estimate, formatter(current_language())),
            approved=is_approved,
            customer=estimate.customer.name,
            person=decided.data["name"],
            day=local_date(decided.at, business.time_zone),
            amount=estimate.total,
            currency=estimate.currency,
            url=staff_document_url(estimate.public_id),
            reason=decided.data["reason"],
            deposit=estimate.deposit if is_approved else 0,
        )

    for email in staff_emails(business):
        send(EstimateDecided, write, about=decided, to=email, business=business)
