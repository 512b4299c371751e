from datetime import timedelta

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM, Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.custom_domains.actions.use import set_preferred
from portico.domain.custom_domains.dns import Findings, look_up
from portico.domain.custom_domains.models import CustomDomain
from portico.domain.custom_domains.names import target
from portico.domain.custom_domains.queries import is_taken
from portico.lib.clock import now

# Of checks once a day: the second that fails moves links away; after a week without its proof a domain is let go.
LINKS_MOVE_AFTER = timedelta(hours=20)
PROOF_ENDS_AFTER = timedelta(days=7)


def check_domain(domain: CustomDomain, *, by: Actor = SYSTEM) -> CustomDomain:
    """Ask DNS for a domain and keep what it says: proven from now on, or served no longer.

    The question takes seconds and is asked outside any transaction.
    """
    found = look_up(domain.name, proof_name=domain.proof_name, proof_value=domain.proof_value, target=target())
    try:
        return _keep(domain, found, by)
    except IntegrityError:
        # Another business was proven in the same moment: now it shows as taken.
        return _keep(domain, found, by)


@transaction.atomic
def _keep(domain: CustomDomain, found: Findings, by: Actor) -> CustomDomain:
    business = Business.objects.select_for_update(no_key=True).get(pk=domain.business_id)
    domain.refresh_from_db()
    if domain.removed_at is not None:
        return domain
    warned = domain.findings.get("warned", "")
    domain.checked_at, domain.findings = now(), found.kept()
    taken = is_taken(domain.name, business)
    domain.findings["taken"] = taken
    if found.proven and domain.proven_at is None and not taken:
        domain.proven_at = now()
        record(Event.CUSTOM_DOMAIN_PROVEN, domain, by=by, data={"name": domain.name})
    preferred = business.custom_domain == domain.name
    _note_failure(domain, found, preferred=preferred)
    domain.findings["warned"] = _warned(domain, found, warned, by, preferred=preferred)
    if preferred and _failing_for(domain, LINKS_MOVE_AFTER):
        set_preferred(business, "")
        record(Event.CUSTOM_DOMAIN_LEFT, domain, by=by, data={"name": domain.name, "because": "records"})
    if found.proven is False and domain.proven_at is not None and _failing_for(domain, PROOF_ENDS_AFTER):
        domain.proven_at = None
        record(Event.CUSTOM_DOMAIN_LOST, domain, by=by, data={"name": domain.name})
    domain.save(update_fields=["checked_at", "findings", "proven_at", "failing_since"])
    return domain


def _note_failure(domain: CustomDomain, found: Findings, *, preferred: bool) -> None:
    """Keep since when records are wrong. A server that does not answer says nothing either way.

    The way here matters only where links lead: a domain may be proven first, and moved later.
    """
    if domain.proven_at is None or (found.proven and (found.leads_here or not preferred)):
        domain.failing_since = None
    elif found.proven is False or (preferred and found.leads_here is False):
        domain.failing_since = domain.failing_since or now()


def _warned(domain: CustomDomain, found: Findings, warned: str, by: Actor, *, preferred: bool) -> str:
    """Record that records are wrong, once, and that they are right again; returns which of them it was that went wrong.

    A way that was wrong has to be right again, although links have been moved away from it meanwhile.
    """
    if domain.proven_at is None:
        return ""
    way_matters = preferred or warned == "way"
    if warned and found.proven and (found.leads_here or not way_matters):
        record(Event.CUSTOM_DOMAIN_RECOVERED, domain, by=by, data={"name": domain.name})
        return ""
    wrong = "proof" if found.proven is False else "way" if way_matters and found.leads_here is False else ""
    if wrong and not warned:
        record(Event.CUSTOM_DOMAIN_FAILING, domain, by=by, data={"name": domain.name})
    return "way" if "way" in {warned, wrong} else warned or wrong


def _failing_for(domain: CustomDomain, span: timedelta) -> bool:
    return domain.failing_since is not None and domain.failing_since <= now() - span
