"""The API's first version: its routers, how it answers, and its description by itself."""

from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import TypeAdapter
from pydantic_core import to_json

from portico.web.api.v1 import (
    allocations,
    autopay,
    bank_accounts,
    business,
    collect,
    comments,
    contacts,
    credit_balance,
    credit_notes,
    customers,
    domains,
    errors,
    estimates,
    events,
    files,
    invoices,
    links,
    merges,
    messages,
    originals,
    payment_attempts,
    payment_methods,
    payment_plans,
    payments,
    promises,
    refunds,
    reports,
    sales_orders,
    search,
    send,
    sign_in_links,
    statements,
    texts,
)
from portico.web.api.v1.auth import WRITE
from portico.web.api.v1.body import StrictParser

_DESCRIPTION = (
    "Feed Portico, read what it knows, and open its portal for your customers. Amounts are integers in minor units of"
    " their currency; quantities, prices and rates are decimals as strings. Send your key as `Authorization: Bearer`."
)

type View = Callable[..., HttpResponseBase]


class PorticoAPI(NinjaAPI):
    """Ninja's API, which describes its problems as what they are."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        name = str(operation.view_func.__name__)
        keys = operation.auth_param
        self._scopes[name] = keys[0].scope if isinstance(keys, list) else ""
        return name

    def get_openapi_schema(self, **_: Any) -> OpenAPISchema:
        # By the operation's id, as each of them is described; empty where one names none.
        self._scopes: dict[str, str] = {}
        schema = super().get_openapi_schema(path_prefix="/api/v1/")
        # Said here once: a model for every refusal of every operation cost a second of each start.
        refusals = _add_refusals(schema["components"]["schemas"])
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"] |= refusals
                operation["x-scope"] = self._scopes[operation["operationId"]]
        return schema


def _add_refusals(schemas: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Return the refusals that any operation may answer with, and add to `schemas` what they refer to."""
    problem = TypeAdapter(errors.Problem).json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    content = {errors.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in errors.STATUSES}


api = PorticoAPI(
    title="Portico",
    version="1.0.0",
    description=_DESCRIPTION,
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
    # Each operation names its own scope; one that forgot to is not open to keys that only read.
    auth=WRITE,
    parser=StrictParser(),
    servers=[{"url": settings.PORTICO_BASE_URL}],
)
errors.install(api)
# A customer's id may hold slashes, so the addresses that end in a word come before the one that ends in the id.
api.add_router("/customers", links.router)
api.add_router("/customers", send.customers_router)
api.add_router("/customers", sign_in_links.router)
api.add_router("/customers", statements.router)
api.add_router("/customers", autopay.router)
api.add_router("/customers", payment_methods.router)
api.add_router("/customers", credit_balance.router)
api.add_router("/customers", contacts.router)
api.add_router("/customers", merges.router)
api.add_router("/customers", customers.router)
api.add_router("/business", bank_accounts.router)
api.add_router("/business", texts.router)
api.add_router("/business", business.router)
api.add_router("/comments", comments.router)
api.add_router("/domains", domains.router)
api.add_router("/invoices", send.invoices_router)
api.add_router("/invoices", comments.invoices_router)
api.add_router("/invoices", collect.router)
api.add_router("/invoices", payment_plans.router)
api.add_router("/invoices", promises.router)
api.add_router("/invoices", invoices.router)
api.add_router("/credit_notes", send.credit_notes_router)
api.add_router("/credit_notes", comments.credit_notes_router)
api.add_router("/credit_notes", allocations.credit_notes)
api.add_router("/credit_notes", credit_notes.router)
api.add_router("/estimates", send.estimates_router)
api.add_router("/estimates", comments.estimates_router)
api.add_router("/estimates", estimates.router)
api.add_router("/files", files.router)
api.add_router("/originals", originals.router)
api.add_router("/messages", messages.router)
api.add_router("/events", events.router)
api.add_router("/sales_orders", send.sales_orders_router)
api.add_router("/sales_orders", sales_orders.router)
api.add_router("/payment_attempts", payment_attempts.router)
api.add_router("/payments", send.payments_router)
api.add_router("/payments", refunds.router)
api.add_router("/payments", allocations.payments_router)
api.add_router("/payments", payments.router)
api.add_router("/reports", reports.router)
api.add_router("/search", search.router)


def framed(view: View) -> View:
    """Make a view answer HEAD like GET, refuse in JSON whatever is wrong, and be kept by nobody on the way."""

    @wraps(view)
    def frame(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        # PostgreSQL has no text with a NUL in it, so nothing can have such a name.
        if "\0" in request.path_info:
            response: HttpResponseBase = errors.not_found()
        else:
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                response = errors.not_found()
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = errors.not_allowed(response.headers["Allow"])
        if is_head and isinstance(response, HttpResponse):
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        response.headers["Cache-Control"] = "no-store"
        return response

    return frame


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer an address under the API that names nothing."""
    return errors.not_found()


@cache
def _description() -> bytes:
    return to_json(api.get_openapi_schema())


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Answer with the description of this version, in OpenAPI 3.1."""
    return HttpResponse(_description(), content_type="application/json")


def urlpatterns() -> list[URLPattern]:
    """Return the addresses of this version, each in its frame."""
    described = path("openapi.json", framed(csrf_exempt(openapi)), name="openapi")
    return [described] + [
        URLPattern(pattern.pattern, framed(pattern.callback), pattern.default_args, pattern.name)
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern)
    ]
