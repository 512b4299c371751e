"""Which mails an account's addresses get: chosen in the billing details, or switched off by the link in a mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from portico.domain.access.viewer import CustomerViewer
from portico.domain.activity.actor import Actor
from portico.domain.customers.actions.choose_mail import choose_mail, switch_mail
from portico.domain.customers.models import Customer, MailTopic
from portico.domain.customers.queries import mail_switched_off, wants_mail
from portico.output.mail.models import Message
from portico.output.mail.topics import mail_to_unsubscribe, topic_of
from portico.output.wording.mail_topics import always_mailed, topic_help, topic_label
from portico.web.portal.core.gate import FORM, keep_private, language_for, lead_over, portal_business, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.own_code import styled
from portico.web.portal.core.refusals import LinkNotFound, PortalUnavailable
from portico.web.portal.core.urls import page_url
from portico.web.portal.profile.detail import saved
from portico.web.shared.page import page


@dataclass(frozen=True, slots=True)
class Option:
    """A topic at an address, as a box to tick; `value` names both."""

    value: str
    label: str
    help: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An address of the account, whose it is, and what it gets."""

    address: str
    name: str
    options: Sequence[Option]


@portal_page(methods=FORM)
def mail_choice(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show which mails the account's addresses get; a POST chooses them, for the addresses that it names."""
    people = _people(viewer.customer)
    if request.method == "POST":
        ticked = set(request.POST.getlist("wanted"))
        for address in set(request.POST.getlist("address")) & set(people):
            wanted = {topic.value for topic in MailTopic if _value(topic, address) in ticked}
            choose_mail(viewer.customer, address, wanted, by=viewer.actor)
        return saved("mail")
    off = mail_switched_off(viewer.customer)
    choices = [
        Choice(
            address,
            name,
            [
                Option(_value(topic, address), topic_label(topic), topic_help(topic), topic not in off.get(address, ()))
                for topic in MailTopic
            ],
        )
        for address, name in people.items()
    ]
    context = {"choices": choices, "always": always_mailed(), "details_url": page_url("billing_details")}
    return customer_page(request, viewer, "portal/profile/mail_choice.html", context, nav="billing_details")


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show who opened the link in a mail a button that switches mails like it off; a POST does, and one takes it back.

    A mail program posts here when its own button is pressed, RFC 8058: the token proves who asks, and no cookie counts.
    """
    business = portal_business(request)
    lead_over(request, business)
    mail = mail_to_unsubscribe(business, token)
    with translation.override(language_for(request, business, None, mail.customer if mail else None)):
        if not business.portal_enabled:
            raise PortalUnavailable(business)
        if mail is None or mail.customer is None:
            raise LinkNotFound(business)
        if request.method not in FORM:
            return keep_private(HttpResponseNotAllowed(sorted(FORM)))
        return keep_private(_switched(request, mail, mail.customer))


def _switched(request: HttpRequest, mail: Message, customer: Customer) -> HttpResponse:
    topic = topic_of(mail)
    assert topic is not None, "the link is that of a mail with a topic"
    if request.method == "POST":
        by = Actor("customer", customer.public_id, mail.recipient)
        switch_mail(customer, mail.recipient, topic, wanted=request.POST.get("do") == "resume", by=by)
    context = {
        "topic": topic_label(topic),
        "address": mail.recipient,
        "account": customer.name,
        "wanted": wants_mail(customer, mail.recipient, topic),
        "always": always_mailed(),
        "choice_url": page_url("mail_choice"),
    }
    return page(request, "portal/profile/unsubscribe.html", context, brand=styled(request, customer.business))


def _people(customer: Customer) -> dict[str, str]:
    """Return the account's addresses, in small letters, and whose they are: its own first."""
    found = {customer.email.lower(): customer.name} if customer.email else {}
    for contact in customer.contacts.all():
        if contact.email:
            found.setdefault(contact.email.lower(), contact.name)
    return found


def _value(topic: MailTopic, address: str) -> str:
    return f"{topic.value} {address}"
