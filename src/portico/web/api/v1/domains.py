from datetime import datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.custom_domains.actions.check import check_domain
from portico.domain.custom_domains.actions.register import register_domain
from portico.domain.custom_domains.actions.remove import remove_domain
from portico.domain.custom_domains.errors import DomainRefused
from portico.domain.custom_domains.models import CustomDomain
from portico.domain.custom_domains.names import target
from portico.domain.custom_domains.queries import domain_of, domains_of
from portico.lib.errors import FieldError
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Input, Text
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Domains"])

type RecordState = Literal["unchecked", "found", "missing", "other", "no_answer", "taken"]


class DomainIn(Input):
    """A domain that the portal is to answer at."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "billing.nordlicht.org"}]})

    name: Annotated[Text, Field(max_length=300, description="The name alone, without https://, port or path")]


class RecordOut(TypedDict):
    """A DNS record to enter, and what the last check saw of it; `found` are the values seen in its place."""

    type: Literal["TXT", "CNAME"]
    name: str
    value: str
    state: RecordState
    found: list[str]


class DomainOut(TypedDict):
    """A domain of the business's own. `served` from its proof on; links lead to the one that is `preferred`."""

    object: Literal["domain"]
    id: str
    name: str
    served: bool
    leads_here: bool
    preferred: bool
    records: list[RecordOut]
    proven_at: datetime | None
    checked_at: datetime | None
    failing_since: datetime | None
    created_at: datetime


class DomainList(TypedDict):
    """The business's domains, the oldest first: all of them on one page."""

    object: Literal["list"]
    data: list[DomainOut]
    next_cursor: None


@router.get("", auth=READ, response={200: DomainList}, summary="List domains")
def list_domains(request: HttpRequest) -> HttpResponse:
    """The domains of the business's own, with the records that each needs."""
    rows = domains_of(viewer_of(request).business).select_related("business")
    body: DomainList = {"object": "list", "data": [_out(row) for row in rows], "next_cursor": None}
    return answer(body)


@router.post("", auth=WRITE, response={201: DomainOut}, openapi_extra=IDEMPOTENT, summary="Add a domain")
@idempotent
def create_domain(request: HttpRequest, body: DomainIn) -> HttpResponse:
    """Register a domain; the portal answers there once its TXT record is found. One that is listed stays as it is."""
    viewer = viewer_of(request)
    try:
        domain = register_domain(viewer.business, body.name, by=viewer.actor)
    except DomainRefused as refused:
        fields = [] if refused.code == "too_many_domains" else [FieldError("/name", refused.message)]
        raise DomainRefused(refused.message, code=refused.code, fields=fields) from refused
    return answer(_out(domain), 201)


@router.get("/{str:domain}", auth=READ, response={200: DomainOut}, summary="Read a domain")
def read_domain(request: HttpRequest, domain: str) -> HttpResponse:
    """One domain, by its id, as the last check found it."""
    return answer(_out(domain_of(viewer_of(request).business, domain)))


@router.post(
    "/{str:domain}/check",
    auth=WRITE,
    response={200: DomainOut},
    openapi_extra=IDEMPOTENT,
    summary="Check a domain",
)
@idempotent
def check(request: HttpRequest, domain: str) -> HttpResponse:
    """Look its records up now, which takes seconds when name servers are silent. They are looked up daily anyway."""
    viewer = viewer_of(request)
    return answer(_out(check_domain(domain_of(viewer.business, domain), by=viewer.actor)))


@router.delete("/{str:domain}", auth=WRITE, response={200: DomainOut}, summary="Remove a domain")
def delete_domain(request: HttpRequest, domain: str) -> HttpResponse:
    """Stop answering there at once. Links that were sent with it no longer work; new ones lead elsewhere."""
    viewer = viewer_of(request)
    found = domain_of(viewer.business, domain)
    gone = _out(found)
    remove_domain(found, by=viewer.actor)
    return answer(gone)


def _out(domain: CustomDomain) -> DomainOut:
    return {
        "object": "domain",
        "id": domain.public_id,
        "name": domain.name,
        "served": domain.is_served,
        "leads_here": domain.leads_here,
        "preferred": domain.business.custom_domain == domain.name,
        "records": [_txt(domain), _cname(domain)],
        "proven_at": domain.proven_at,
        "checked_at": domain.checked_at,
        "failing_since": domain.failing_since,
        "created_at": domain.created_at,
    }


def _txt(domain: CustomDomain) -> RecordOut:
    seen = domain.findings
    texts = list(seen.get("texts", ()))
    state = "taken" if seen.get("taken") else _state(domain, seen.get("proven"), texts)
    return {"type": "TXT", "name": domain.proof_name, "value": domain.proof_value, "state": state, "found": texts}


def _cname(domain: CustomDomain) -> RecordOut:
    seen = domain.findings
    found = list(seen.get("aliases") or seen.get("addresses") or ())
    state = _state(domain, seen.get("leads_here"), found)
    return {"type": "CNAME", "name": domain.name, "value": target(), "state": state, "found": found}


def _state(domain: CustomDomain, right: bool | None, found: list[str]) -> RecordState:
    if not domain.findings:
        return "unchecked"
    if right is None:
        return "no_answer"
    return "found" if right else "other" if found else "missing"
