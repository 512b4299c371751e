from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from portico.domain.documents import queries
from portico.domain.documents.kinds import Kind
from portico.web.api.v1.auth import WRITE, viewer_of
from portico.web.api.v1.fields import Amount, Input, Reference
from portico.web.api.v1.idempotency import IDEMPOTENT
from portico.web.api.v1.payment_attempts import AttemptIn, AttemptInvoiceIn, AttemptOut, collect

router = Router(tags=["Invoices"])


class CollectIn(Input):
    """What of an invoice is collected, and how. Everything may be left out."""

    amount: Annotated[
        Annotated[Amount, Field(gt=0)] | None,
        Field(description="All that is open when left out, or what its payment plan asks for now", examples=[11900]),
    ] = None
    payment_method: Annotated[
        Reference | None, Field(description="Id of a saved method; the customer's default when left out")
    ] = None


@router.post(
    "/{path:invoice}/collect",
    auth=WRITE,
    response={201: AttemptOut},
    openapi_extra=IDEMPOTENT,
    summary="Collect an invoice",
)
def collect_invoice(request: HttpRequest, invoice: str, body: CollectIn | None = None) -> HttpResponse:
    """Charge what is open of an invoice to a saved method of its customer; answers with the payment attempt."""
    found = queries.document(viewer_of(request), invoice, Kind.INVOICE)
    data = body or CollectIn()
    asked = AttemptIn(
        customer=found.customer.public_id,
        invoices=[AttemptInvoiceIn(invoice=found.public_id, amount=data.amount)],
        payment_method=data.payment_method,
    )
    return collect(request, asked)
