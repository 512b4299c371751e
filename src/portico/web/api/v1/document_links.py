"""Where people read what a program has written: the links of documents, receipts and statements.

The holder of one of them opens what it leads to, so a key without the scope for links gets none.
"""

from typing import Annotated, TypedDict

from pydantic import Field

from portico.domain.access.links.queries.document_links import secret_of
from portico.domain.access.models import ApiScope
from portico.domain.access.portal_urls import link_url
from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import Written
from portico.domain.documents.actions.link import document_link, link_to, statement_link
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment

type Url = str | None


class LinksOut(TypedDict):
    """Links that open one thing without signing in. They stay the same until they end or are revoked."""

    url: Annotated[
        Url,
        Field(description="Its page; null for what customers don't see, such as a draft, and for keys without `links`"),
    ]
    pdf_url: Annotated[Url, Field(description="Its PDF, for programs and people alike")]


class InvoiceLinksOut(LinksOut):
    """The links of an invoice."""

    payment_url: Annotated[Url, Field(description="Its page, where it says how to pay; null when nothing is owed")]


def links_of(document: Document, viewer: ApiViewer) -> LinksOut:
    """Return the links of a document."""
    link = document_link(document, by=viewer.actor) if viewer.may(ApiScope.LINKS) else None
    return _links(viewer, link[1] if link else None)


def invoice_links_of(invoice: Document, viewer: ApiViewer) -> InvoiceLinksOut:
    """Return the links of an invoice."""
    return _with_payment(links_of(invoice, viewer), invoice)


def new_invoice_links(written: Written, viewer: ApiViewer) -> InvoiceLinksOut:
    """Return the links of an invoice that was just written, without asking for them again."""
    secret = secret_of(written.link) if written.link and viewer.may(ApiScope.LINKS) else None
    return _with_payment(_links(viewer, secret), written.document)


def _with_payment(links: LinksOut, invoice: Document) -> InvoiceLinksOut:
    return {**links, "payment_url": f"{links['url']}#pay" if invoice.is_owed and links["url"] else None}


def receipt_links_of(payment: Payment, viewer: ApiViewer) -> LinksOut:
    """Return the links of a payment and its receipt."""
    may = viewer.may(ApiScope.LINKS)
    return _links(viewer, link_to(payment.customer, payment.ref, by=viewer.actor)[1] if may else None)


def statement_url(customer: Customer, viewer: ApiViewer) -> Url:
    """Return the link to a customer's statement, or nothing where the business shows none."""
    link = statement_link(customer, by=viewer.actor) if viewer.may(ApiScope.LINKS) else None
    return link_url(viewer.business, link[1]) if link else None


def _links(viewer: ApiViewer, secret: str | None) -> LinksOut:
    if secret is None:
        return {"url": None, "pdf_url": None}
    url = link_url(viewer.business, secret)
    return {"url": url, "pdf_url": f"{url}.pdf"}
