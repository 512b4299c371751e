"""A visitor who is not signed in: what they send, and what they read."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Customer

HOME = "/portal/nordlicht/"
SIGN_IN, CODE, CHOOSE = f"{HOME}sign-in", f"{HOME}sign-in/code", f"{HOME}sign-in/account"
ADDRESS = "anna@example.com"


@dataclass
class Browser:
    """A visitor's browser."""

    client: Client
    home: str = HOME

    def get(self, path: str = "") -> HttpResponse:
        return self.client.get(path if path.startswith("/") else self.home + path)  # type: ignore[return-value]  # what the client gives is the view's response

    def post(self, path: str, **form: str) -> HttpResponse:
        return self.client.post(path, form)  # type: ignore[return-value]  # as above

    def ask(self, email: str = ADDRESS, **form: str) -> HttpResponse:
        return self.post(f"{self.home}sign-in", email=email, **form)

    def account(self) -> str:
        """The name of the account that the home page is about, empty when it asks to sign in."""
        response = self.get()
        found = re.search(r'class="po-name" dir="auto">([^<]*)', response.content.decode())
        return found[1] if response.status_code == 200 and found else ""


def browser(**headers: str) -> Browser:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Browser(Client(headers={"host": "testserver", **named}))


type Mailed = Callable[..., tuple[str, str]]


def text(response: HttpResponse) -> str:
    return response.content.decode()


def heading(response: HttpResponse) -> str:
    found = re.search(r"<h1[^>]*>(?:<span.*?</span>)?(.*?)</h1>", text(response), re.DOTALL)
    return found[1].strip() if found else ""


def goes_to(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.headers.get("Location", "")


def customer(business: Business, name: str, email: str = "", *contacts: ContactInput, language: str = "") -> Customer:
    data = CustomerInput(external_id=name, name=name, email=email, language=language, contacts=contacts)
    return upsert_customer(business, data, by=OPERATOR)[0]
