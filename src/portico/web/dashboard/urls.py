"""Addresses of the dashboard, on the base host. Each is spelt one way, without a slash at its end but the accounts'."""

from django.urls import path

from portico.web.dashboard.api_keys.list import api_keys_page
from portico.web.dashboard.audit_log.list import audit_log, audit_log_csv
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
from portico.web.dashboard.customers.archive import archive_customer
from portico.web.dashboard.customers.autopay import customer_autopay
from portico.web.dashboard.customers.contacts import contact, new_contact
from portico.web.dashboard.customers.edit import edit_customer, new_customer
from portico.web.dashboard.customers.export import customers_csv, customers_xlsx
from portico.web.dashboard.customers.home import home
from portico.web.dashboard.customers.list import customers
from portico.web.dashboard.customers.merge import merge_customer
from portico.web.dashboard.customers.methods import customer_methods
from portico.web.dashboard.documents import credits, estimate
from portico.web.dashboard.documents import detail as document
from portico.web.dashboard.documents.bulk_mail import mail_documents
from portico.web.dashboard.documents.collect import collect_invoice
from portico.web.dashboard.documents.export import documents_csv, documents_xlsx
from portico.web.dashboard.documents.link import document_link
from portico.web.dashboard.documents.list import customer_documents, documents
from portico.web.dashboard.documents.methods import invoice_methods
from portico.web.dashboard.documents.originals import original
from portico.web.dashboard.domains.list import domain, domains
from portico.web.dashboard.drafts import edit as drafts
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
from portico.web.dashboard.mail.log import customer_mail, mail_detail, mail_log
from portico.web.dashboard.mail.reminders import document_reminders
from portico.web.dashboard.mail.run import mail_run
from portico.web.dashboard.mail.send import send_document, send_receipt, send_statement
from portico.web.dashboard.mail.settings import mail_settings
from portico.web.dashboard.mail.texts import mail_text, mail_text_preview, mail_texts
from portico.web.dashboard.payment_gateways.add import add_payment_gateway
from portico.web.dashboard.payment_gateways.detail import payment_gateway
from portico.web.dashboard.payment_gateways.list import payment_gateways
from portico.web.dashboard.payment_plans.edit import cancel_payment_plan, payment_plan, send_payment_plan
from portico.web.dashboard.payments import detail as payment
from portico.web.dashboard.payments.attempts import payment_attempts
from portico.web.dashboard.payments.credit_balance import customer_credit
from portico.web.dashboard.payments.credits import apply_payment
from portico.web.dashboard.payments.export import payments_csv, payments_xlsx
from portico.web.dashboard.payments.list import customer_payments, payments
from portico.web.dashboard.payments.record import record_payment
from portico.web.dashboard.search.list import search
from portico.web.dashboard.settings.business import business_settings
from portico.web.dashboard.settings.datev import datev_settings
from portico.web.dashboard.settings.embedding import embedding_settings
from portico.web.dashboard.settings.embedding_example import embedding_example
from portico.web.dashboard.settings.home import settings
from portico.web.dashboard.settings.payments import payment_settings
from portico.web.dashboard.settings.portal import portal_settings
from portico.web.dashboard.settings.sign_in import magic_keys, sign_in_settings
from portico.web.dashboard.settings.start import first_steps
from portico.web.dashboard.settings.texts import business_texts
from portico.web.dashboard.statements import detail as statement
from portico.web.dashboard.statements.datev import journal_datev
from portico.web.dashboard.statements.journal import journal, journal_csv, journal_xlsx
from portico.web.dashboard.team import sign_in as accounts
from portico.web.dashboard.team.businesses import businesses
from portico.web.dashboard.team.confirm import confirm_identity
from portico.web.dashboard.team.invitation import invitation
from portico.web.dashboard.team.members import team
from portico.web.dashboard.team.password_reset import ask_password, choose_password
from portico.web.dashboard.team.second_factor import (
    add_passkey,
    recovery_codes,
    remove_factor,
    second_factor,
    set_up_app,
)

urlpatterns = [
    path("", home, name="staff_home"),
    path("accounts/login/", accounts.sign_in, name="account_login"),
    path("accounts/logout/", accounts.sign_out, name="account_logout"),
    path("accounts/password/change/", accounts.change_password, name="account_change_password"),
    path("accounts/password/reset/", ask_password, name="account_reset_password"),
    path("accounts/password/reset/<str:secret>/", choose_password, name="choose_password"),
    path("accounts/invitation/<str:secret>/", invitation, name="invitation"),
    path("accounts/second-step/", accounts.second_step, name="mfa_authenticate"),
    path("accounts/passkey/", accounts.passkey_sign_in, name="mfa_login_webauthn"),
    path("accounts/confirm/", confirm_identity, name="confirm_identity"),
    path("accounts/second-factor/", second_factor, name="second_factor"),
    path("accounts/second-factor/app/", set_up_app, name="set_up_app"),
    path("accounts/second-factor/passkey/", add_passkey, name="add_passkey"),
    path("accounts/second-factor/codes/", recovery_codes, name="recovery_codes"),
    path("accounts/second-factor/remove/", remove_factor, name="remove_factor"),
    path("businesses", businesses, name="businesses"),
    path("customers", customers, name="customers"),
    path("customers/new", new_customer, name="new_customer"),
    path("customers.csv", customers_csv, name="customers_csv"),
    path("customers.xlsx", customers_xlsx, name="customers_xlsx"),
    path("customers/<str:name>", customer.customer, name="customer"),
    path("customers/<str:name>/edit", edit_customer, name="edit_customer"),
    path("customers/<str:name>/archive", archive_customer, name="archive_customer"),
    path("customers/<str:name>/merge", merge_customer, name="merge_customer"),
    path("customers/<str:name>/contacts/new", new_contact, name="new_contact"),
    path("contacts/<str:name>", contact, name="contact"),
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
    path("customers/<str:name>/mail", customer_mail, name="customer_mail"),
    path("customers/<str:name>/timeline", customer.customer_timeline, name="customer_timeline"),
    path("customers/<str:name>/statement", statement.customer_statement, name="customer_statement"),
    path("customers/<str:name>/statement.pdf", statement.customer_statement_pdf, name="customer_statement_pdf"),
    path("customers/<str:name>/statement.csv", statement.customer_statement_csv, name="customer_statement_csv"),
    path("customers/<str:name>/statement/send", send_statement, name="send_statement"),
    path("customers/<str:name>/statement.xlsx", statement.customer_statement_xlsx, name="customer_statement_xlsx"),
    path("customers/<str:name>/access", customer_access, name="customer_access"),
    path("customers/<str:name>/link", customer_link, name="customer_link"),
    path("customers/<str:name>/sign-in-links", sign_in_links, name="customer_sign_in_links"),
    path("customers/<str:name>/files", files.add_customer_file, name="add_customer_file"),
    path("documents", documents, name="documents"),
    path("documents/mail", mail_documents, name="mail_documents"),
    path("documents/new", drafts.new_draft, name="new_draft"),
    path("documents/<str:name>/edit", drafts.edit, name="edit_draft"),
    path("documents/<str:name>/delete", drafts.delete, name="delete_draft"),
    path("documents.csv", documents_csv, name="documents_csv"),
    path("documents.xlsx", documents_xlsx, name="documents_xlsx"),
    path("documents/<str:name>.pdf", document.document_as_pdf, name="document_as_pdf"),
    path("documents/<str:name>", document.document, name="document"),
    path("documents/<str:name>/conversation", conversation.document_conversation, name="document_conversation"),
    path(
        "documents/<str:name>/conversation/seen",
        conversation.document_conversation_seen,
        name="document_conversation_seen",
    ),
    path("documents/<str:name>/send", send_document, name="send_document"),
    path("documents/<str:name>/reminders", document_reminders, name="document_reminders"),
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
    path("mail", mail_log, name="mail_log"),
    path("mail/runs/<str:name>", mail_run, name="mail_run"),
    path("mail/<str:name>", mail_detail, name="mail_detail"),
    path("payments", payments, name="payments"),
    path("payments.csv", payments_csv, name="payments_csv"),
    path("payments.xlsx", payments_xlsx, name="payments_xlsx"),
    path("payments/attempts", payment_attempts, name="payment_attempts"),
    path("payments/<str:name>.pdf", payment.receipt, name="payment_receipt"),
    path("payments/<str:name>", payment.payment, name="payment"),
    path("payments/<str:name>/send", send_receipt, name="send_receipt"),
    path("payments/<str:name>/apply", apply_payment, name="apply_payment"),
    path("payments/<str:name>/void", payment.void, name="void_payment"),
    path("payments/<str:name>/refund", payment.refund_payment, name="refund_payment"),
    path("originals/<str:name>", original, name="original"),
    path("files/<str:name>", files.file, name="file"),
    path("files/<str:name>/visibility", files.change, name="change_file"),
    path("files/<str:name>/remove", files.remove, name="remove_file"),
    path("settings", settings, name="settings"),
    path("settings/start", first_steps, name="first_steps"),
    path("settings/datev", datev_settings, name="datev_settings"),
    path("settings/business", business_settings, name="business_settings"),
    path("journal", journal, name="journal"),
    path("journal/datev.csv", journal_datev, name="journal_datev"),
    path("journal.csv", journal_csv, name="journal_csv"),
    path("journal.xlsx", journal_xlsx, name="journal_xlsx"),
    path("search", search, name="search"),
    path("settings/portal", portal_settings, name="portal_settings"),
    path("settings/texts", business_texts, name="business_texts"),
    path("settings/portal/tokens", tokens, name="tokens"),
    path("settings/brand", brand_settings, name="brand_settings"),
    path("settings/brand/preview", brand_preview, name="brand_preview"),
    path("settings/brand/css", stylesheet, name="brand_stylesheet"),
    path("settings/brand/sites", trusted_sites, name="trusted_sites"),
    path("settings/brand/analytics", analytics_settings, name="analytics_settings"),
    path("settings/brand/script", portal_script, name="portal_script"),
    path("settings/brand/restore", restore, name="restore_brand"),
    path("settings/domains", domains, name="domains"),
    path("settings/domains/<str:name>", domain, name="domain"),
    path("settings/mail", mail_settings, name="mail_settings"),
    path("settings/mail/texts", mail_texts, name="mail_texts"),
    path("settings/mail/texts/<str:name>/<str:language>", mail_text, name="mail_text"),
    path("settings/mail/texts/<str:name>/<str:language>/preview", mail_text_preview, name="mail_text_preview"),
    path("settings/payments", payment_settings, name="payment_settings"),
    path("settings/payments/gateways", payment_gateways, name="payment_gateways"),
    path("settings/payments/gateways/new/<str:gateway>", add_payment_gateway, name="add_payment_gateway"),
    path("settings/payments/gateways/<str:name>", payment_gateway, name="payment_gateway"),
    path("settings/payments/bank", bank_transfers, name="bank_transfers"),
    path("settings/payments/bank/new", new_bank_account, name="new_bank_account"),
    path("settings/payments/bank/texts/new", new_payment_instruction, name="new_payment_instruction"),
    path("settings/payments/bank/texts/<str:name>", payment_instruction, name="payment_instruction"),
    path("settings/payments/bank/<str:name>", bank_account, name="bank_account"),
    path("settings/team", team, name="team"),
    path("settings/api-keys", api_keys_page, name="api_keys"),
    path("settings/audit-log", audit_log, name="audit_log"),
    path("settings/audit-log.csv", audit_log_csv, name="audit_log_csv"),
    path("settings/sign-in", sign_in_settings, name="sign_in_settings"),
    path("settings/embedding", embedding_settings, name="embedding_settings"),
    path("settings/embedding/example", embedding_example, name="embedding_example"),
    path("settings/sign-in/keys", magic_keys, name="magic_keys"),
    path("dev/outbox", demo_mail.demo_mail_list, name="demo_mail_list"),
    path("dev/outbox/<str:name>.html", demo_mail.demo_mail_html, name="demo_mail_html"),
    path("dev/outbox/<str:name>", demo_mail.demo_mail_detail, name="demo_mail_detail"),
]
