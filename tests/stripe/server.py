"""localstripe on loopback, with what it lacks and Stripe documents: `python -m tests.stripe.server` prints its address.

Added here: idempotency keys that answer again, confirmation tokens, the parameters of today's API, a bank's challenge
that is led to and back from, declines of the cards that Stripe declines, refunds that can't exceed the charge, and
`GET /v1/account`. ACH debits and disputes are not to be had. It keeps nothing on disk and listens on loopback alone.
"""

import hashlib
import json
import secrets
import socket
from pathlib import Path
from typing import Any

from aiohttp import web
from localstripe import resources, server
from localstripe.errors import UserError
from localstripe.resources import Charge, PaymentIntent, PaymentMethod, Refund, SetupIntent, Store

_ADAPTER = Path(__file__).with_name("adapter.js")
_DECLINES = {"4000000000000002": "generic_decline", "4000000000009995": "insufficient_funds"}
_tokens: dict[str, str] = {}
_answers: dict[str, tuple[bytes, web.Response]] = {}


@web.middleware
async def replay(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer a key that was used before as the first time; refuse it when it was used for something else."""
    key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
    if not key:
        untouched: web.StreamResponse = await handler(request)
        return untouched
    name, asked = f"{request.headers.get('Authorization')} {key}", request.path.encode() + b"?" + await request.read()
    if name not in _answers:
        first: web.Response = await handler(request)
        if first.status in (200, 402):
            _answers[name] = (asked, first)
        return first
    before, answer = _answers[name]
    if before != asked:
        error = {"type": "idempotency_error", "message": "The key was used with other parameters."}
        return web.json_response({"error": error}, status=400)
    return web.Response(body=answer.body, status=answer.status, content_type="application/json")


async def account(request: web.Request) -> web.Response:
    """Say whose the key is: one account per key."""
    key = server.get_api_key(request)
    return web.json_response({"object": "account", "id": f"acct_{hashlib.sha256(key.encode()).hexdigest()[:16]}"})


async def confirmation_token(request: web.Request) -> web.Response:
    """Keep what was typed, for one charge."""
    data = await server.get_post_data(request)
    token = f"ctoken_{secrets.token_hex(8)}"
    _tokens[token] = PaymentMethod(**data).id
    return web.json_response({"object": "confirmation_token", "id": token})


async def challenge(request: web.Request) -> web.Response:
    """The bank's page: confirm or refuse, then back to where the customer came from."""
    intent = _intent(request.match_info["id"])
    if request.method == "GET":
        form = '<form method="post"><button name="answer" value="{0}">{0}</button></form>'
        body = (
            '<!doctype html><title>Bank</title><link rel="icon" href="data:,">'
            + form.format("confirm")
            + form.format("refuse")
        )
        return web.Response(text=body, content_type="text/html")
    confirmed = (await request.post()).get("answer") == "confirm"
    intent._challenged(confirmed)
    joined = "&" if "?" in intent._return_url else "?"
    raise web.HTTPSeeOther(f"{intent._return_url}{joined}redirect_status={'succeeded' if confirmed else 'failed'}")


async def script(request: web.Request) -> web.Response:
    """localstripe's own script, and what it lacks."""
    own = Path(server.__file__).with_name("localstripe-v3.js").read_text()
    return web.Response(text=own + _ADAPTER.read_text(), content_type="application/javascript")


async def payments(request: web.Request) -> web.Response:
    """Every payment intent, for a test to count."""
    rows = [row for name, row in resources.store.items() if name.startswith("payment_intent:")]
    return web.json_response([row._export() for row in rows])


def _intent(identity: str) -> Any:
    return (SetupIntent if identity.startswith("seti_") else PaymentIntent)._api_retrieve(identity)


def _method(confirmation_token: str | None, payment_method: str | None) -> str | None:
    if confirmation_token is None:
        return payment_method
    if confirmation_token not in _tokens:
        raise UserError(400, "No such confirmation token.", {"code": "resource_missing"})
    return _tokens.pop(confirmation_token)


def _declined(intent: Any, error: UserError) -> UserError:
    """Tell a decline as Stripe does: as a card's error, with the intent that was left behind."""
    error.body["error"] |= {"type": "card_error", intent.object: intent._export()}
    if getattr(intent, "_decline_code", ""):
        error.body["error"]["decline_code"] = intent._decline_code
    return error


def _decline_for(intent: Any, method: Any, code: str) -> None:
    intent._decline_code, method._charging_is_declined = code, lambda: True
    try:
        intent._create_charge(intent._report_failure)
    finally:
        del method._charging_is_declined


def _challenge(intent: Any, return_url: str | None) -> None:
    if intent.next_action and return_url:
        intent._return_url = return_url
        url = f"{BASE}/_config/challenge/{intent.id}"
        intent.next_action = {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": return_url}}


class Payments:
    """What payment intents learn."""

    create = PaymentIntent._api_create.__func__
    listed = PaymentIntent._api_list_all.__func__
    error = PaymentIntent.last_payment_error.fget

    @classmethod
    def _api_create(
        cls,
        confirm: Any = None,
        off_session: Any = None,
        confirmation_token: str | None = None,
        payment_method: str | None = None,
        setup_future_usage: str | None = None,
        return_url: str | None = None,
        description: str = "",
        allowed_payment_method_types: Any = None,
        **data: Any,
    ) -> Any:
        method = _method(confirmation_token, payment_method)
        intent = Payments.create(cls, payment_method=method, **data)
        intent.description, intent._decline_code = description, ""
        if not confirm:
            return intent
        paid_by, customer = PaymentMethod._api_retrieve(method), data.get("customer")
        if customer and not setup_future_usage and paid_by.customer != customer:
            raise UserError(400, "The customer does not have this payment method.", {"code": "resource_missing"})
        try:
            if off_session and paid_by._requires_authentication():
                _decline_for(intent, paid_by, "authentication_required")
            intent._decline_code = _DECLINES.get(getattr(paid_by, "_card_number", ""), "")
            intent._confirm(on_failure_now=intent._report_failure)
        except UserError as refusal:
            raise _declined(intent, refusal) from None
        if setup_future_usage:
            paid_by.customer = customer
        _challenge(intent, return_url)
        return intent

    @classmethod
    def _api_list_all(cls, url: str, created: dict[str, str] | None = None, **data: Any) -> Any:
        return _since(Payments.listed(cls, url, **data), created)

    def _challenged(self: Any, confirmed: bool) -> None:
        self._api_authenticate(self.id, client_secret=self.client_secret, success=confirmed)

    @property
    def last_payment_error(self: Any) -> Any:
        error = Payments.error(self)
        return error and {"decline_code": getattr(self, "_decline_code", "") or None, **error}

    @property
    def amount_received(self: Any) -> int:
        return self.amount if self.status == "succeeded" else 0


class Setups:
    """What setup intents learn."""

    listed = SetupIntent._api_list_all.__func__

    @classmethod
    def _api_create(
        cls: Any,
        confirm: Any = None,
        confirmation_token: str | None = None,
        payment_method: str | None = None,
        return_url: str | None = None,
        allowed_payment_method_types: Any = None,
        **data: Any,
    ) -> Any:
        intent = cls(**data)
        intent.last_setup_error = None
        method = PaymentMethod._api_retrieve(_method(confirmation_token, payment_method))
        try:
            intent._attach_pm(method)
        except UserError as refusal:
            raise _declined(intent, refusal) from None
        method.customer = intent.customer
        _challenge(intent, return_url)
        return intent

    @classmethod
    def _api_list_all(cls, url: str, created: dict[str, str] | None = None, **data: Any) -> Any:
        return _since(Setups.listed(cls, url, **data), created)

    def _challenged(self: Any, confirmed: bool) -> None:
        self.next_action = None
        self.status = "succeeded" if confirmed else "requires_payment_method"
        if not confirmed:
            code = "setup_intent_authentication_failure"
            self.last_setup_error = {"code": code, "decline_code": None, "message": "Not confirmed."}


def _since(rows: Any, created: dict[str, str] | None) -> Any:
    rows._list = [row for row in rows._list if row.created >= int((created or {}).get("gte", 0))]
    return rows


def _learn() -> None:
    """Put what is added in the place of what localstripe has."""
    for target, source in ((PaymentIntent, Payments), (SetupIntent, Setups)):
        for name in ("_api_create", "_api_list_all", "_challenged", "last_payment_error", "amount_received"):
            if name in vars(source):
                setattr(target, name, vars(source)[name])
    charging, attaching = PaymentMethod._charging_is_declined, PaymentMethod._attaching_is_declined
    PaymentMethod._charging_is_declined = lambda self: charging(self) or attaching(self)
    method = PaymentMethod.__init__

    def named(self: Any, billing_details: dict[str, Any] | None = None, **data: Any) -> None:
        method(self, billing_details={"name": None, **(billing_details or {})}, **data)

    PaymentMethod.__init__ = named
    begin = Charge._initialize_charge

    def initialize(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        if self._authorized and self._is_async_payment_method():
            self.status = "pending"

    Charge._initialize_charge = initialize
    refund, refunds = Refund.__init__, Refund._api_list_all.__func__

    def init(self: Any, payment_intent: str | None = None, amount: Any = None, **data: Any) -> None:
        charge = PaymentIntent._api_retrieve(payment_intent).latest_charge if payment_intent else None
        if charge and int(amount) + charge.amount_refunded > charge.amount:
            raise UserError(400, "Refund amount is greater than unrefunded amount on charge.")
        refund(self, payment_intent=payment_intent, amount=amount, **data)

    def listed(cls: Any, /, url: str, created: dict[str, str] | None = None, **data: Any) -> Any:
        return _since(refunds(cls, url, **data), created)

    Refund.__init__, Refund._api_list_all = init, classmethod(listed)
    Store.dump_to_disk = lambda self: None


def _serve() -> None:
    _learn()
    app = server.app
    app.middlewares.insert(0, replay)
    app.router.add_get("/v1/account", account)
    app.router.add_post("/_config/confirmation_tokens", confirmation_token)
    app.router.add_route("*", "/_config/challenge/{id}", challenge)
    app.router.add_get("/_config/payments", payments)
    app.router.add_get("/js.stripe.com/endive/stripe.js", script)
    print(json.dumps(BASE), flush=True)  # noqa: T201 - the one who started it reads where it listens
    web.run_app(app, sock=SOCKET, print=None)


if __name__ == "__main__":
    SOCKET = socket.create_server(("127.0.0.1", 0))
    BASE = f"http://127.0.0.1:{SOCKET.getsockname()[1]}"
    _serve()
