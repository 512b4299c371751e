"""The log of mail through the API: listed, narrowed, one by its id, and nobody else's."""

from conftest import React
from portico.domain.access.viewer import OperatorViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.choose_mail import switch_mail
from portico.domain.customers.models import Customer, MailTopic
from portico.domain.documents.actions.mail_document import request_document_mail
from portico.domain.documents.actions.mail_statement import request_statement_mail
from portico.domain.documents.mailing import MailInput
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.web.api.v1.tests.conftest import Program
from tests.postbox import Postbox


def test_mail_is_listed_with_what_became_of_it(
    program: Program, stranger: Program, postbox: Postbox, react: React
) -> None:
    program.customer(email="ap@acme.example")
    first, second = program.invoice(), program.invoice()
    for invoice in (first, second):
        request_document_mail(document_of(OperatorViewer(program.business), invoice["id"], *Kind), by=OPERATOR)
        react()
        postbox.refuse_recipients = "550 5.1.1 No such user"
    rows = program.get("/messages").json["data"]
    assert [(row["document"], row["state"], row["reason"]) for row in rows] == [
        (second["id"], "failed", "unknown_recipient"),
        (first["id"], "sent", None),
    ]
    assert rows[1]["recipient"] == "ap@acme.example"
    assert (rows[1]["server"], rows[1]["heard_at"]) == ("127.0.0.1", None)
    only_first = [rows[1]]
    for query in ("state=sent", f"document={first['number']}", f"document={first['id']}&recipient=AP@acme.example"):
        assert program.get(f"/messages?{query}").json["data"] == only_first, query
    assert len(program.get("/messages?customer=acme").json["data"]) == 2
    assert program.get(f"/messages/{rows[1]['id']}").json == rows[1]
    assert stranger.get("/messages").json["data"] == []
    assert stranger.get(f"/messages/{rows[1]['id']}").status == 404
    assert stranger.get("/messages?customer=acme").status == 404


def test_what_the_customer_switched_off_is_logged_as_unsent_with_its_reason(
    program: Program, postbox: Postbox, react: React
) -> None:
    program.customer(email="ap@acme.example")
    customer = Customer.objects.get()
    switch_mail(customer, "ap@acme.example", MailTopic.STATEMENTS, wanted=False, by=OPERATOR)
    for by_hand in (False, True):
        request_statement_mail(customer, MailInput(by_hand=by_hand), end=program.business.today(), by=OPERATOR)
        react()
    by_hand_row, row = program.get("/messages?kind=statement").json["data"]
    assert (row["state"], row["reason"], row["sent_at"]) == ("unsent", "switched_off", None)
    assert (by_hand_row["state"], by_hand_row["reason"]) == ("sent", None)
    assert postbox.the_only().recipients == ["ap@acme.example"]
    assert [one["id"] for one in program.get("/messages?state=unsent").json["data"]] == [row["id"]]


def test_a_filter_that_nobody_reads_is_refused(program: Program) -> None:
    assert program.get("/messages?to=x").status == 422
    assert program.get("/messages?state=opened").status == 422


def test_what_is_mailed_waits_in_the_log_and_goes_once(program: Program, postbox: Postbox, react: React) -> None:
    program.customer(email="ap@acme.example")
    invoice = program.invoice()
    body = {"to": ["ada@acme.example"], "copies": ["me@nordlicht.example"], "subject": "Here", "text": "It is."}
    sent = program.post(f"/invoices/{invoice['id']}/send", body, once="key-1")
    assert sent.status == 202
    assert program.post(f"/invoices/{invoice['id']}/send", body, once="key-1").json == sent.json
    assert [(row["kind"], row["recipient"], row["state"]) for row in sent.json["data"]] == [
        ("invoice", "ada@acme.example", "queued"),
        ("invoice", "me@nordlicht.example", "queued"),
    ]
    assert react() == 1
    assert [mail.subject for mail in postbox.mails] == ["Here", "Here"]
    assert {row["state"] for row in program.get("/messages").json["data"]} == {"sent"}


def test_files_go_along_with_a_document_and_others_are_refused(
    program: Program, postbox: Postbox, react: React
) -> None:
    program.customer(email="ap@acme.example")
    invoice, other = program.invoice(), program.invoice()
    upload = {"document": invoice["id"], "name": "hours.csv", "content": "YTtiCg=="}
    shown = program.made("/files", upload | {"visible": True})["id"]
    private = program.made("/files", upload)["id"]
    for path, file in ((invoice["id"], private), (other["id"], shown), (invoice["id"], "file_x")):
        refused = program.post(f"/invoices/{path}/send", {"files": [file]})
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/files"), file
    assert program.post("/customers/acme/statement/send", {"files": [shown]}).status == 422
    assert program.get("/messages").json["data"] == []
    assert program.post(f"/invoices/{invoice['id']}/send", {"files": [shown], "attach_pdf": False}).status == 202
    react()
    (attached,) = postbox.the_only().message.iter_attachments()
    assert attached.get_filename() == "hours.csv"


def test_every_kind_can_be_mailed_as_the_business_words_it(program: Program, postbox: Postbox, react: React) -> None:
    # What customers are not shown is not mailed to them.
    Business.objects.update(show_sales_orders=True)
    program.customer(email="ap@acme.example")
    invoice, payment = program.invoice(), program.payment()
    line = {"description": "x", "quantity": "1", "unit_price": "1"}
    paper = {"customer": "acme", "issued_on": "2026-11-01", "currency": "EUR", "lines": [line]}
    for path in (
        f"/invoices/{invoice['number']}/send",
        f"/estimates/{program.made('/estimates', paper)['id']}/send",
        f"/credit_notes/{program.made('/credit_notes', paper)['id']}/send",
        f"/sales_orders/{program.made('/sales_orders', paper)['id']}/send",
        f"/payments/{payment['id']}/send",
        "/customers/acme/statement/send",
    ):
        assert program.post(path).status == 202, path
    assert program.post("/customers/acme/statement/send", {"start": "2026-11-01", "end": "2026-11-19"}).status == 202
    react()
    assert len(postbox.mails) == 7
    assert {tuple(mail.recipients) for mail in postbox.mails} == {("ap@acme.example",)}


def test_what_can_not_be_mailed_is_refused_and_nothing_waits(
    program: Program, stranger: Program, postbox: Postbox
) -> None:
    program.customer()
    invoice = program.invoice()
    path = f"/invoices/{invoice['id']}/send"
    assert program.post(path).json["code"] == "no_address"
    refused = program.post(path, {"to": ["ada@acme.example", "nobody"]})
    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/to/1"
    hidden = program.post(path, {"to": ["ada@ac\u200bme.example"]})
    assert (hidden.status, hidden.json["errors"][0]["pointer"]) == (422, "/to/0")
    program.post(path, {"to": ["ada@acme.example"], "subject": "Hi\r\nBcc: x@x.example"}).refused(422, "invalid")
    assert program.post(path, {"to": ["ada@acme.example"], "bcc": []}).status == 422
    assert program.post("/customers/acme/statement/send", {"to": ["a@x.example"], "start": "2027-01-01"}).status == 422
    assert stranger.post(path, {"to": ["ada@acme.example"]}).status == 404
    assert program.get("/messages").json["data"] == []


def test_without_a_mail_server_it_is_said(program: Program) -> None:
    program.customer(email="ap@acme.example")
    refused = program.post(f"/invoices/{program.invoice()['id']}/send")
    assert (refused.status, refused.json["code"]) == (409, "no_mail_server")
    assert program.get("/messages").json["data"] == []
