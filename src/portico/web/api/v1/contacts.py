"""The archive, and the people at a customer one by one."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from portico.domain.access import queries as access
from portico.domain.access.sign_in.actions.change_customer import change_contact, remove_contact
from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.actions.archive import archive_customer, unarchive_customer
from portico.domain.customers.actions.edit_contact import add_contact, make_main_contact
from portico.domain.customers.details import CONTACT_FIELDS, contact_details, version_of
from portico.domain.customers.models import Contact
from portico.lib.errors import NotFound
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import WRITE, viewer_of
from portico.web.api.v1.customers import ContactIn, ContactOut, CustomerOut, answered, contact_out
from portico.web.api.v1.fields import Flag, Input, Line, Name, Word
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Customers"])


class ContactChange(Input):
    """What is to be changed of a person. Fields that are left out stay as they are; null or "" empties them."""

    name: Annotated[Name, Field(min_length=1)] | None = None
    email: Annotated[Line, Field(max_length=254)] | None = None
    phone: Word | None = None
    role: Annotated[Line, Field(max_length=100)] | None = None
    main: Annotated[Flag | None, Field(description="true makes it the main contact, the first of all")] = None


@router.post(
    "/{path:customer}/archive",
    auth=WRITE,
    response={200: CustomerOut},
    openapi_extra=IDEMPOTENT,
    summary="Archive a customer",
)
@idempotent
def archive(request: HttpRequest, customer: str) -> HttpResponse:
    """Put a customer away: lists leave it out, and it gets no new documents. Again changes nothing."""
    viewer = viewer_of(request)
    return answered(viewer, archive_customer(access.customer(viewer, customer), by=viewer.actor).public_id)


@router.post(
    "/{path:customer}/unarchive",
    auth=WRITE,
    response={200: CustomerOut},
    openapi_extra=IDEMPOTENT,
    summary="Take a customer back from the archive",
)
@idempotent
def unarchive(request: HttpRequest, customer: str) -> HttpResponse:
    """Take a customer back from the archive. Again changes nothing."""
    viewer = viewer_of(request)
    return answered(viewer, unarchive_customer(access.customer(viewer, customer), by=viewer.actor).public_id)


@router.post(
    "/{path:customer}/contacts",
    auth=WRITE,
    response={201: ContactOut},
    openapi_extra=IDEMPOTENT,
    summary="Add a contact",
)
@idempotent
def create_contact(request: HttpRequest, customer: str, body: ContactIn) -> HttpResponse:
    """Add a person at a customer, after the others."""
    viewer = viewer_of(request)
    fields = {name: getattr(body, name) or "" for name in CONTACT_FIELDS}
    return answer(contact_out(add_contact(access.customer(viewer, customer), fields, by=viewer.actor)), 201)


@router.patch(
    "/{path:customer}/contacts/{str:contact}",
    auth=WRITE,
    response={200: ContactOut},
    summary="Change a contact",
)
def patch_contact(request: HttpRequest, customer: str, contact: str, body: ContactChange) -> HttpResponse:
    """Change what is given of a person; who signed in by a former address is signed out."""
    viewer = viewer_of(request)
    found = _contact(viewer, customer, contact)
    changes = {name: getattr(body, name) or "" for name in body.model_fields_set if name != "main"}
    change_contact(found, changes, seen=version_of(contact_details(found)), by=viewer.actor)
    if body.main:
        make_main_contact(found, by=viewer.actor)
    return answer(contact_out(_contact(viewer, customer, contact)))


@router.delete(
    "/{path:customer}/contacts/{str:contact}",
    auth=WRITE,
    response={204: None},
    summary="Remove a contact",
)
def delete_contact(request: HttpRequest, customer: str, contact: str) -> HttpResponse:
    """Remove a person; who is signed in as them is signed out at once."""
    viewer = viewer_of(request)
    remove_contact(_contact(viewer, customer, contact), by=viewer.actor)
    return HttpResponse(status=204)


def _contact(viewer: ApiViewer, customer: str, name: str) -> Contact:
    found = access.contact(viewer, name)
    if found.customer_id != access.customer(viewer, customer).pk:
        raise NotFound(f"There is no contact {name}.")
    return found
