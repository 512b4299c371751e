"""Addresses of the dashboard, on the base host. Each is spelt one way, without a slash at its end but the accounts'."""

from django.urls import path

from portico.web.dashboard.bank_accounts.edit import bank_account, new_bank_account
from portico.web.dashboard.bank_accounts.instructions import new_payment_instruction, payment_instruction
from portico.web.dashboard.bank_accounts.list import bank_transfers
from portico.web.dashboard.branding.analytics import analytics_settings
from portico.web.dashboard.branding.brand import brand_settings, restore
from portico.web.dashboard.branding.preview import brand_preview
from portico.web.dashboard.branding.script import portal_script
from portico.web.dashboard.branding.sites import trusted_sites
from portico.web.dashboard.branding.stylesheet import stylesheet
from portico.web.dashboard.customers import detail as customer
from portico.web.dashboard.customers.autopay import customer_autopay
from portico.web.dashboard.customers.home import home
from portico.web.dashboard.customers.list import customers
from portico.web.dashboard.customers.methods import customer_methods
from portico.web.dashboard.documents import credits, estimate
from portico.web.dashboard.documents import detail as document
from portico.web.dashboard.documents.collect import collect_invoice
from portico.web.dashboard.documents.link import document_link
from portico.web.dashboard.documents.list import customer_documents, documents
from portico.web.dashboard.documents.methods import invoice_methods
from portico.web.dashboard.files import detail as files
from portico.web.dashboard.inbox import detail as conversation
from portico.web.dashboard.inbox.alerts import comment_alerts
from portico.web.dashboard.inbox.change import edit_comment, remove_comment
from portico.web.dashboard.inbox.list import inbox
from portico.web.dashboard.links.access import customer_access
from portico.web.dashboard.links.list import tokens
from portico.web.dashboard.links.portal_link import customer_link
from portico.web.dashboard.links.sign_in import sign_in_links
from portico.web.dashboard.mail import demo_mail
from portico.web.dashboard.payment_gateways.add import add_payment_gateway
from portico.web.dashboard.payment_gateways.detail import payment_gateway
from portico.web.dashboard.payment_gateways.list import payment_gateways
from portico.web.dashboard.payment_plans.edit import cancel_payment_plan, payment_plan, send_payment_plan
from portico.web.dashboard.payments import detail as payment
from portico.web.dashboard.payments.attempts import payment_attempts
from portico.web.dashboard.payments.credit_balance import customer_credit
from portico.web.dashboard.payments.credits import apply_payment
from portico.web.dashboard.payments.list import customer_payments, payments
from portico.web.dashboard.payments.record import record_payment
from portico.web.dashboard.settings.payments import payment_settings
from portico.web.dashboard.settings.portal import portal_settings
from portico.web.dashboard.settings.sign_in import magic_keys, sign_in_settings
from portico.web.dashboard.statements import detail as statement
from portico.web.dashboard.team import sign_in as accounts
from portico.web.dashboard.team.businesses import businesses

urlpatterns = [
    path("", home, name="staff_home"),
    path("accounts/login/", accounts.sign_in, name="account_login"),
    path("accounts/logout/", accounts.sign_out, name="account_logout"),
    path("accounts/password/change/", accounts.change_password, name="account_change_password"),
    path("businesses", businesses, name="businesses"),
    path("customers", customers, name="customers"),
    path("customers/<str:name>", customer.customer, name="customer"),
    path("customers/<str:name>/documents", customer_documents, name="customer_documents"),
    path("customers/<str:name>/payments", customer_payments, name="customer_payments"),
    path("customers/<str:name>/payments/new", record_payment, name="record_payment"),
    path("customers/<str:name>/credit", customer_credit, name="customer_credit"),
    path("customers/<str:name>/autopay", customer_autopay, name="customer_autopay"),
    path("customers/<str:name>/conversation", conversation.customer_conversation, name="customer_conversation"),
    path(
        "customers/<str:name>/conversation/seen",
        conversation.customer_conversation_seen,
        name="customer_conversation_seen",
    ),
    path("customers/<str:name>/methods", customer_methods, name="customer_methods"),
    path("customers/<str:name>/timeline", customer.customer_timeline, name="customer_timeline"),
    path("customers/<str:name>/statement", statement.customer_statement, name="customer_statement"),
    path("customers/<str:name>/statement.pdf", statement.customer_statement_pdf, name="customer_statement_pdf"),
    path("customers/<str:name>/statement.csv", statement.customer_statement_csv, name="customer_statement_csv"),
    path("customers/<str:name>/access", customer_access, name="customer_access"),
    path("customers/<str:name>/link", customer_link, name="customer_link"),
    path("customers/<str:name>/sign-in-links", sign_in_links, name="customer_sign_in_links"),
    path("customers/<str:name>/files", files.add_customer_file, name="add_customer_file"),
    path("documents", documents, name="documents"),
    path("documents/<str:name>.pdf", document.document_as_pdf, name="document_as_pdf"),
    path("documents/<str:name>", document.document, name="document"),
    path("documents/<str:name>/conversation", conversation.document_conversation, name="document_conversation"),
    path(
        "documents/<str:name>/conversation/seen",
        conversation.document_conversation_seen,
        name="document_conversation_seen",
    ),
    path("documents/<str:name>/issue", document.issue_draft, name="issue_draft"),
    path("documents/<str:name>/void", document.void_document, name="void_document"),
    path("documents/<str:name>/write-off", document.write_off_invoice, name="write_off_invoice"),
    path("documents/<str:name>/approve", estimate.approve_estimate, name="approve_document"),
    path("documents/<str:name>/decline", estimate.decline_estimate, name="decline_document"),
    path("documents/<str:name>/deposit", estimate.deposit_of_estimate, name="deposit_of_estimate"),
    path("documents/<str:name>/convert", estimate.convert_estimate, name="convert_estimate"),
    path("documents/<str:name>/payment-plan", payment_plan, name="payment_plan"),
    path("documents/<str:name>/payment-plan/send", send_payment_plan, name="send_payment_plan"),
    path("documents/<str:name>/payment-plan/cancel", cancel_payment_plan, name="cancel_payment_plan"),
    path("documents/<str:name>/undo-write-off", credits.undo_invoice_write_off, name="undo_write_off"),
    path("documents/<str:name>/apply", credits.apply, name="apply_credit"),
    path("documents/<str:name>/take-off", credits.take_off_credit, name="take_off_credit"),
    path("documents/<str:name>/collect", collect_invoice, name="collect_invoice"),
    path("documents/<str:name>/methods", invoice_methods, name="invoice_methods"),
    path("documents/<str:name>/link", document_link, name="document_link"),
    path("documents/<str:name>/files", files.add_document_file, name="add_document_file"),
    path("inbox", inbox, name="inbox"),
    path("inbox/alerts", comment_alerts, name="comment_alerts"),
    path("comments/<str:name>/edit", edit_comment, name="edit_comment"),
    path("comments/<str:name>/remove", remove_comment, name="remove_comment"),
    path("payments", payments, name="payments"),
    path("payments/attempts", payment_attempts, name="payment_attempts"),
    path("payments/<str:name>.pdf", payment.receipt, name="payment_receipt"),
    path("payments/<str:name>", payment.payment, name="payment"),
    path("payments/<str:name>/apply", apply_payment, name="apply_payment"),
    path("payments/<str:name>/void", payment.void, name="void_payment"),
    path("payments/<str:name>/refund", payment.refund_payment, name="refund_payment"),
    path("files/<str:name>", files.file, name="file"),
    path("files/<str:name>/remove", files.remove, name="remove_file"),
    path("settings/portal", portal_settings, name="portal_settings"),
    path("settings/portal/tokens", tokens, name="tokens"),
    path("settings/brand", brand_settings, name="brand_settings"),
    path("settings/brand/preview", brand_preview, name="brand_preview"),
    path("settings/brand/css", stylesheet, name="brand_stylesheet"),
    path("settings/brand/sites", trusted_sites, name="trusted_sites"),
    path("settings/brand/analytics", analytics_settings, name="analytics_settings"),
    path("settings/brand/script", portal_script, name="portal_script"),
    path("settings/brand/restore", restore, name="restore_brand"),
    path("settings/payments", payment_settings, name="payment_settings"),
    path("settings/payments/gateways", payment_gateways, name="payment_gateways"),
    path("settings/payments/gateways/new/<str:gateway>", add_payment_gateway, name="add_payment_gateway"),
    path("settings/payments/gateways/<str:name>", payment_gateway, name="payment_gateway"),
    path("settings/payments/bank", bank_transfers, name="bank_transfers"),
    path("settings/payments/bank/new", new_bank_account, name="new_bank_account"),
    path("settings/payments/bank/texts/new", new_payment_instruction, name="new_payment_instruction"),
    path("settings/payments/bank/texts/<str:name>", payment_instruction, name="payment_instruction"),
    path("settings/payments/bank/<str:name>", bank_account, name="bank_account"),
    path("settings/sign-in", sign_in_settings, name="sign_in_settings"),
    path("settings/sign-in/keys", magic_keys, name="magic_keys"),
    path("dev/outbox", demo_mail.demo_mail_list, name="demo_mail_list"),
    path("dev/outbox/<str:name>.html", demo_mail.demo_mail_html, name="demo_mail_html"),
    path("dev/outbox/<str:name>", demo_mail.demo_mail_detail, name="demo_mail_detail"),
]
