"""Addresses of a business's portal, under its own host or `/portal/{slug}/`. Each is spelt one way, without a slash."""

from django.urls import URLPattern, path

from portico.domain.documents.kinds import Kind
from portico.web.portal.account.home import home
from portico.web.portal.conversations.change import edit_comment, remove_comment
from portico.web.portal.conversations.detail import messages, messages_read
from portico.web.portal.conversations.download import comment_file
from portico.web.portal.core.brand_file import brand_file
from portico.web.portal.core.embed_script import embed_script
from portico.web.portal.core.kinds import PAYMENT, SLUGS
from portico.web.portal.core.policy_report import policy_report
from portico.web.portal.core.urls import STATEMENT
from portico.web.portal.documents.comments import document_comments, document_comments_read
from portico.web.portal.documents.decide import approve_estimate, decline_estimate
from portico.web.portal.documents.detail import document, document_as_pdf, linked_document, viewed
from portico.web.portal.files.download import file
from portico.web.portal.files.list import documents, documents_zip
from portico.web.portal.login.accounts import accounts
from portico.web.portal.login.fresh_link import fresh_link
from portico.web.portal.login.link_pdf import PdfOfTarget, link_pdf
from portico.web.portal.login.session import open_link, sign_out, signed_out
from portico.web.portal.login.sign_in import mailed_link, sign_in, sign_in_account, sign_in_code
from portico.web.portal.login.signed_link import fresh_login, login
from portico.web.portal.login.step_up import step_up, step_up_code
from portico.web.portal.pay.attempt import payment_attempt, payment_return
from portico.web.portal.pay.credits_applied import credits_applied
from portico.web.portal.pay.pay import pay
from portico.web.portal.pay.promise import promise_to_pay
from portico.web.portal.payment_methods.add import add_method
from portico.web.portal.payment_methods.autopay import autopay
from portico.web.portal.payment_methods.back import method_saved
from portico.web.portal.payment_methods.change import default_method, remove_method
from portico.web.portal.payment_methods.list import methods
from portico.web.portal.payment_plans.detail import payment_plan
from portico.web.portal.payments.detail import linked_receipt, payment, receipt
from portico.web.portal.profile.contacts import add_contact, edit_contact, remove_contact
from portico.web.portal.profile.detail import billing_details
from portico.web.portal.profile.edit_details import edit_details
from portico.web.portal.profile.email_change import change_email, confirm_email, undo_email
from portico.web.portal.profile.language import language
from portico.web.portal.profile.mail_choice import mail_choice, unsubscribe
from portico.web.portal.profile.sessions import end_other_sessions, end_session, sessions
from portico.web.portal.statements.detail import (
    linked_statement,
    statements,
    statements_csv,
    statements_pdf,
    statements_xlsx,
)
from portico.web.portal.transactions.export import activity_csv, activity_pdf, activity_xlsx
from portico.web.portal.transactions.list import activity, activity_of_kind
from portico.web.portal.transactions.selection import selection, selection_csv, selection_xlsx, selection_zip
from portico.web.portal.transactions.zip_export import activity_zip

# What a link's PDF is made by: here, as subjects know nothing of each other.
_PDF_OF_LINK: dict[str, PdfOfTarget] = {
    **dict.fromkeys(Kind, linked_document),
    PAYMENT: linked_receipt,
    STATEMENT: linked_statement,
}


def _document_paths() -> list[URLPattern]:
    paths = []
    for kind, slug in SLUGS.items():
        if kind == PAYMENT:
            continue
        paths += [
            path(f"{slug}/<str:name>.pdf", document_as_pdf, {"kind": kind}, name=f"{kind}_pdf"),
            path(f"{slug}/<str:name>/viewed", viewed, {"kind": kind}, name=f"{kind}_viewed"),
            path(f"{slug}/<str:name>/comments", document_comments, {"kind": kind}, name=f"{kind}_comments"),
            path(f"{slug}/<str:name>/comments/read", document_comments_read, {"kind": kind}, name=f"{kind}_read"),
            path(f"{slug}/<str:name>", document, {"kind": kind}, name=str(kind)),
        ]
    return paths


urlpatterns = [
    path("", home, name="home"),
    path("activity", activity, name="activity"),
    path("activity/<slug:slug>", activity_of_kind, name="activity_of_kind"),
    path("activity/<slug:slug>.csv", activity_csv, name="activity_csv"),
    path("activity/<slug:slug>.pdf", activity_pdf, name="activity_pdf"),
    path("activity/<slug:slug>.zip", activity_zip, name="activity_zip"),
    path("selection", selection, name="selection"),
    path("activity/<slug:slug>.xlsx", activity_xlsx, name="activity_xlsx"),
    path("selection.csv", selection_csv, name="selection_csv"),
    path("selection.xlsx", selection_xlsx, name="selection_xlsx"),
    path("selection.zip", selection_zip, name="selection_zip"),
    path("invoices/<str:name>/payment-plan", payment_plan, name="payment_plan"),
    path("invoices/<str:name>/promise", promise_to_pay, name="promise"),
    *_document_paths(),
    path("estimates/<str:name>/approve", approve_estimate, name="approve_estimate"),
    path("estimates/<str:name>/decline", decline_estimate, name="decline_estimate"),
    path("payments/<str:name>.pdf", receipt, name="receipt"),
    path("payments/<str:name>", payment, name=PAYMENT),
    path("pay", pay, name="pay"),
    path("pay/credits", credits_applied, name="credits_applied"),
    path("pay/back/<str:token>", payment_return, name="payment_return"),
    path("pay/<str:name>", payment_attempt, name="payment_attempt"),
    path("statements", statements, name="statements"),
    path("statements.csv", statements_csv, name="statements_csv"),
    path("statements.xlsx", statements_xlsx, name="statements_xlsx"),
    path("statements.pdf", statements_pdf, name="statements_pdf"),
    path("documents", documents, name="documents"),
    path("documents.zip", documents_zip, name="documents_zip"),
    path("files/<str:key>/<str:name>", file, name="file"),
    path("messages", messages, name="messages"),
    path("messages/read", messages_read, name="messages_read"),
    path("comments/files/<str:key>/<str:name>", comment_file, name="comment_file"),
    path("comments/<str:key>/edit", edit_comment, name="edit_comment"),
    path("comments/<str:key>/remove", remove_comment, name="remove_comment"),
    path("billing-details", billing_details, name="billing_details"),
    path("sessions", sessions, name="sessions"),
    path("sessions/end-others", end_other_sessions, name="end_other_sessions"),
    path("sessions/<str:name>/end", end_session, name="end_session"),
    path("billing-details/edit", edit_details, name="edit_details"),
    path("billing-details/email", change_email, name="change_email"),
    path("billing-details/mail", mail_choice, name="mail_choice"),
    path("billing-details/contacts/new", add_contact, name="add_contact"),
    path("billing-details/contacts/<str:key>", edit_contact, name="edit_contact"),
    path("billing-details/contacts/<str:key>/remove", remove_contact, name="remove_contact"),
    path("billing-details/autopay", autopay, name="autopay"),
    path("billing-details/payment-methods", methods, name="payment_methods"),
    path("billing-details/payment-methods/new", add_method, name="add_payment_method"),
    path("billing-details/payment-methods/back", method_saved, name="payment_method_saved"),
    path("billing-details/payment-methods/<str:key>/default", default_method, name="default_payment_method"),
    path("billing-details/payment-methods/<str:key>/remove", remove_method, name="remove_payment_method"),
    path("step-up", step_up, name="step_up"),
    path("step-up/code", step_up_code, name="step_up_code"),
    path("policy-report", policy_report, name="policy_report"),
    path("portico-embed.js", embed_script, name="embed_script"),
    path("brand/<str:name>", brand_file, name="brand_file"),
    path("language", language, name="language"),
    path("s/<str:secret>/fresh", fresh_link, name="fresh_link"),
    path("s/<str:secret>.pdf", link_pdf(_PDF_OF_LINK), name="link_pdf"),
    path("s/<str:secret>", open_link, name="open_link"),
    path("sign-in", sign_in, name="sign_in"),
    path("sign-in/code", sign_in_code, name="sign_in_code"),
    path("sign-in/account", sign_in_account, name="sign_in_account"),
    path("sign-in/<str:secret>", mailed_link, name="mailed_link"),
    path("accounts", accounts, name="accounts"),
    path("login/<str:token>", login, name="login"),
    path("login/<str:token>/fresh", fresh_login, name="fresh_login"),
    path("email/<str:secret>", confirm_email, name="confirm_email"),
    path("email-undo/<str:secret>", undo_email, name="undo_email"),
    path("unsubscribe/<str:token>", unsubscribe, name="unsubscribe"),
    path("sign-out", sign_out, name="sign_out"),
    path("signed-out", signed_out, name="signed_out"),
]

handler404 = "portico.web.portal.core.refusal_pages.unknown_url"
handler400 = "portico.web.shared.failures.bad_request"
handler500 = "portico.web.shared.failures.server_error"
