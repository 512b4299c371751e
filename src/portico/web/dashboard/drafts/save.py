"""Keeping what was typed: as a draft, or issued at once."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.create import create_document
from portico.domain.documents.actions.credit import put_credit_note
from portico.domain.documents.actions.edit_draft import edit_draft
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.changes import changed_fields
from portico.domain.documents.document_input import DocumentInput, checked_totals
from portico.domain.documents.models import Document
from portico.web.dashboard.drafts.template import Template


def save(
    viewer: StaffViewer, template: Template, data: DocumentInput, typed: Mapping[str, str], *, issues: bool
) -> Document:
    """Write or change a document. One form that is sent twice writes one. Raises what the actions raise."""
    if template.draft:
        if issues and not changed_fields(template.draft, template.customer, replace(data, draft=False)):
            # The form was sent twice, and has issued it.
            return template.draft
        seen, data = typed.get("seen", ""), replace(data, draft=True)
        edition = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
        draft = edit_draft(template.draft, template.customer, data, by=viewer.actor, seen=edition)
        return issue(draft, by=viewer.actor) if issues else draft
    data = replace(data, key=_key(typed.get("submission", "")))
    shares = _shares(template, data) if issues and typed.get("apply") else []
    if shares:
        return put_credit_note(viewer.business, template.customer, data, shares, by=viewer.actor).document
    return create_document(viewer.business, template.customer, data, by=viewer.actor)


def _shares(template: Template, data: DocumentInput) -> list[Share]:
    """Return what a credit note takes off the invoice it is for: all of it, as far as that is open."""
    invoice = template.credited
    if invoice is None or not invoice.is_owed:
        return []
    return [Share(invoice, min(checked_totals(invoice.business, data).total, invoice.open_amount))]


def _key(submission: str) -> UUID | None:
    """Return the key that a form's document gets, by the form's own."""
    try:
        return UUID(hex=submission)
    except ValueError:
        return None
