"""What becomes of an estimate or a sales order."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.errors import EditedMeanwhile, EstimateExpired, WrongState
from portico.domain.documents.events import DECIDED
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Decision, Document, Lifecycle, Status
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.files.errors import FileRefused


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who decided on an estimate and from where. `name` is the person's; without one the actor's label counts.

    `note` is the reason, or how staff know; `contact` and `link` tell whose session it was. `edition` is the one that
    was looked at, `pdf` the file of it.
    """

    name: str = ""
    note: str = ""
    contact: str = ""
    link: str = ""
    user_agent: str = ""
    edition: int | None = None
    pdf: bytes = b""


def approve(estimate: Document, evidence: Evidence | None = None, *, by: Actor) -> Document:
    """Accept an estimate that is open, and keep the evidence with the PDF as it was approved.

    Approving again changes nothing. Raises EstimateExpired, EditedMeanwhile when it is another edition than the one
    looked at, WrongState when it is decided otherwise.
    """
    return _decide(estimate, Lifecycle.APPROVED, evidence or Evidence(), by=by)


def decline(estimate: Document, evidence: Evidence | None = None, *, by: Actor) -> Document:
    """Turn an open estimate down, and keep the evidence. Again changes nothing; raises as `approve` does."""
    return _decide(estimate, Lifecycle.DECLINED, evidence or Evidence(), by=by)


@transaction.atomic
def _decide(document: Document, to: Lifecycle, evidence: Evidence, *, by: Actor) -> Document:
    _account, document = lock_document(document)
    if document.lifecycle == to:
        return document
    _check(document, to)
    if evidence.edition not in (None, document.edition):
        raise EditedMeanwhile(f"{document} was changed in the meantime. Look at it again.")
    _move(document, to)
    decision = _keep(document, to, evidence, by)
    # Staff who decide by hand know it; the others are told by mail.
    data = {"number": document.number, "name": decision.name, "reason": evidence.note}
    record(DECIDED[document.kind, to], document, by=by, data=data, announce=by.kind != "staff")
    return document


@transaction.atomic
def mark_invoiced(document: Document, *, by: Actor, data: dict[str, Any] | None = None) -> Document:
    """Note that an estimate or a sales order has become an invoice; `data` says more of it in the history."""
    _account, document = lock_document(document)
    if document.lifecycle == Lifecycle.INVOICED:
        return document
    _check(document, Lifecycle.INVOICED)
    _move(document, Lifecycle.INVOICED)
    record(DECIDED[document.kind, Lifecycle.INVOICED], document, by=by, data={"number": document.number} | (data or {}))
    return document


def _check(document: Document, to: Lifecycle) -> None:
    status = document.status(document.business.today())
    if status in SPECS[document.kind].decisions.get(to, frozenset()):
        return
    if status == Status.EXPIRED:
        raise EstimateExpired(f"{document} was valid until {document.expires_on} and can't become {to.label.lower()}.")
    raise WrongState(f"{document} is {status.label.lower()} and can't become {to.label.lower()}.")


def _move(document: Document, to: Lifecycle) -> None:
    document.lifecycle = to
    document.save(update_fields=["lifecycle"])


def _keep(document: Document, outcome: Lifecycle, evidence: Evidence, by: Actor) -> Decision:
    if evidence.pdf:
        # The hash is kept in any case; a full file store is no reason to refuse an approval.
        with suppress(FileRefused):
            name = f"{document.number} {outcome}.pdf"
            store_file(
                document.customer, document.ref, name, evidence.pdf, FileInput(visible=True, made_here=True), by=by
            )
    return Decision.objects.create(
        business_id=document.business_id,
        document=document,
        edition=document.edition,
        outcome=outcome,
        name=(evidence.name or by.label)[:200],
        note=evidence.note,
        actor_kind=by.kind,
        actor_id=by.id,
        contact=evidence.contact[:255],
        link=evidence.link,
        ip=by.ip,
        user_agent=evidence.user_agent[:500],
        pdf_sha256=hashlib.sha256(evidence.pdf).hexdigest() if evidence.pdf else "",
    )
