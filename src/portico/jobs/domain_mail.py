"""The mail that tells owners that a check found wrong records of their domain, or right ones again."""

from functools import partial

from portico.domain.access.portal_urls import staff_domains_url
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.queries import owners_of
from portico.domain.custom_domains.models import CustomDomain
from portico.domain.custom_domains.names import shown, target
from portico.jobs.send_all import send_all
from portico.output.mail.actions.send import send
from portico.output.mail.domain_email import DomainRecords


def mail_domain_records(checked: Activity) -> None:
    """Tell the owners, unless one of the staff made the check and has seen it, or it is otherwise by now."""
    domain = CustomDomain.objects.select_related("business").get(pk=checked.subject_id)
    wrong = _wrong(domain)
    is_wrong = checked.verb == Event.CUSTOM_DOMAIN_FAILING
    if checked.actor_kind == "staff" or domain.removed_at is not None or bool(wrong) is not is_wrong:
        return
    business = domain.business
    moved = business.custom_domain != domain.name
    email = DomainRecords(shown(domain.name), wrong, staff_domains_url(), links_moved=moved)
    send_all(
        partial(send, DomainRecords, lambda: email, about=checked, to=owner.email, business=business)
        for owner in owners_of(business)
    )


def _wrong(domain: CustomDomain) -> list[tuple[str, str]]:
    """The records to be entered again, as the last check found."""
    proof = (f"TXT {domain.proof_name}", domain.proof_value)
    way = (f"CNAME {domain.name}", target())
    way_is_wrong = domain.findings.get("leads_here") is False and domain.findings.get("warned") == "way"
    return [*([proof] if domain.findings.get("proven") is False else []), *([way] if way_is_wrong else [])]
