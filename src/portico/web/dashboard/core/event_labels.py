"""What happened, in one sentence for each event."""

from django.utils.translation import gettext as _

from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.documents.events import DRAFT_DELETED, DRAFTED, ISSUED, UPDATED, VIEWED, VOIDED
from portico.domain.documents.kinds import Kind
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import numbered_label


def event_label(row: Activity, fmt: Formatter) -> str:
    """Return what happened as a sentence; the bare name of an event that only a newer version knows."""
    if row.verb == Event.LINK_USED and row.data.get("purpose") == "sign_in_mail":
        return _("Signed in by e-mail")
    if row.verb == Event.SESSION_ENDED and row.data.get("from_afar"):
        return _("A session was ended")
    sentence = sentences().get(row.verb)
    return sentence % _values(row, fmt) if sentence else row.verb


def _values(row: Activity, fmt: Formatter) -> dict[str, str]:
    amount, currency = row.data.get("amount"), row.data.get("currency")
    money = fmt.money(amount, currency) if isinstance(amount, int) and isinstance(currency, str) else ""
    names = ("number", "name", "recipient", "email", "gateway", "payment")
    texts = {name: str(row.data.get(name) or "") for name in names}
    document = numbered_label(row.subject_kind, texts["number"]) if row.subject_kind in Kind else ""
    return texts | {"amount": money, "document": document}


def sentences() -> dict[str, str]:
    """Return the sentence of every event, with places for the values of its row."""
    return (
        _of_business()
        | _of_people()
        | _of_customers()
        | _of_access()
        | _of_documents()
        | _of_messages()
        | _of_payments()
        | _of_plans()
    )


def _of_business() -> dict[str, str]:
    return {
        Event.BUSINESS_CREATED: _("Business set up"),
        Event.SETTINGS_CHANGED: _("Settings changed"),
        Event.PROFILE_CHANGED: _("Business details changed"),
        Event.LOCK_DATE_CHANGED: _("Lock date changed"),
        Event.NUMBERING_CHANGED: _("Number series changed"),
        Event.BANK_ACCOUNT_ADDED: _("Bank account %(name)s added"),
        Event.BANK_ACCOUNT_CHANGED: _("Bank account %(name)s changed"),
        Event.BANK_ACCOUNT_REMOVED: _("Bank account %(name)s removed"),
        Event.INSTRUCTIONS_CHANGED: _("Payment instructions changed"),
        Event.BRAND_CHANGED: _("Brand changed"),
        Event.STYLESHEET_CHANGED: _("Style sheet changed"),
        Event.TRUSTED_SITES_CHANGED: _("Trusted sites changed"),
        Event.ANALYTICS_CHANGED: _("Counting of visits changed"),
        Event.SCRIPT_CHANGED: _("Script of the portal changed"),
        Event.CUSTOM_DOMAIN_ADDED: _("Domain %(name)s added"),
        Event.CUSTOM_DOMAIN_PROVEN: _("Domain %(name)s proven"),
        Event.CUSTOM_DOMAIN_USED: _("Links lead to %(name)s"),
        Event.CUSTOM_DOMAIN_LEFT: _("Links no longer lead to %(name)s"),
        Event.CUSTOM_DOMAIN_FAILING: _("The DNS records of %(name)s are wrong"),
        Event.CUSTOM_DOMAIN_RECOVERED: _("The DNS records of %(name)s are right again"),
        Event.CUSTOM_DOMAIN_LOST: _("Domain %(name)s no longer answers: its TXT record is gone"),
        Event.CUSTOM_DOMAIN_REMOVED: _("Domain %(name)s removed"),
        Event.MAGIC_KEY_CREATED: _("Key for signed links %(name)s created"),
        Event.MAGIC_KEY_REVOKED: _("Key for signed links %(name)s revoked"),
        Event.GATEWAY_ADDED: _("Payment provider %(gateway)s connected"),
        Event.GATEWAY_CHANGED: _("Payment provider %(gateway)s changed"),
        Event.GATEWAY_KEYS_CHANGED: _("Keys of payment provider %(gateway)s changed"),
        Event.GATEWAY_REMOVED: _("Payment provider %(gateway)s removed"),
    }


def _of_people() -> dict[str, str]:
    return {
        Event.STAFF_ADDED: _("%(email)s added to the staff"),
        Event.STAFF_INVITED: _("%(email)s invited to the staff"),
        Event.STAFF_INVITATION_WITHDRAWN: _("Invitation of %(email)s withdrawn"),
        Event.STAFF_PASSWORD_ASKED: _("New password asked for by %(email)s"),
        Event.STAFF_PASSWORD_CHANGED: _("Password of %(email)s changed"),
        Event.STAFF_SECOND_FACTOR_CHANGED: _("Second factor of %(email)s changed"),
        Event.STAFF_REMOVED: _("%(email)s removed from the staff"),
        Event.STAFF_ROLE_CHANGED: _("Role of %(email)s changed"),
        Event.API_KEY_CREATED: _("API key %(name)s created"),
        Event.API_KEY_ROTATED: _("API key %(name)s replaced by a new one"),
        Event.API_KEY_REVOKED: _("API key %(name)s revoked"),
    }


def _of_customers() -> dict[str, str]:
    return {
        Event.CUSTOMER_CREATED: _("Customer added"),
        Event.CUSTOMER_UPDATED: _("Details changed"),
        Event.CUSTOMER_ARCHIVED: _("Customer archived"),
        Event.CUSTOMER_UNARCHIVED: _("Customer taken back from the archive"),
        Event.CUSTOMER_MERGED: _("%(name)s became part of this customer"),
        Event.CUSTOMER_MERGE_UNDONE: _("The merge with %(name)s was undone"),
        Event.CUSTOMER_MAIL_CHOSEN: _("Mails to %(email)s chosen"),
        Event.METHODS_DISABLED: _("Ways to pay changed"),
        Event.CONTACT_ADDED: _("Contact %(name)s added"),
        Event.CONTACT_UPDATED: _("Contact %(name)s changed"),
        Event.CONTACT_REMOVED: _("Contact %(name)s removed"),
        Event.FILE_ADDED: _("File %(name)s added"),
        Event.FILE_CHANGED: _("File %(name)s changed"),
        Event.FILE_REMOVED: _("File %(name)s removed"),
        Event.NOTE_FILE_ADDED: _("File %(name)s added"),
        Event.NOTE_FILE_REMOVED: _("File %(name)s removed"),
        Event.MAIL_SENT: _("Mail sent to %(recipient)s"),
        Event.MAIL_DELIVERED: _("Mail to %(recipient)s delivered"),
        Event.MAIL_BOUNCED: _("Mail to %(recipient)s came back"),
        Event.MAIL_FAILED: _("Mail to %(recipient)s not sent"),
    }


def _of_access() -> dict[str, str]:
    return {
        Event.LINK_GENERATED: _("Link generated"),
        Event.LINK_USED: _("Opened the portal by link"),
        Event.LINK_REVOKED: _("Link revoked"),
        Event.LINK_RENEWAL_ASKED: _("Asked for a new link in place of an expired one"),
        Event.LINK_MAIL_ASKED: _("Portal link to be e-mailed"),
        Event.SIGNED_LINK_REFUSED: _("Signed link refused"),
        Event.SIGN_IN_ASKED: _("Asked for a sign-in by e-mail"),
        Event.STEP_UP_ASKED: _("Asked for a code to confirm who it is"),
        Event.SESSION_PROVED: _("Confirmed by a code who it is"),
        Event.SESSION_ENDED: _("Signed out of the portal"),
        Event.ACCOUNT_SWITCHED: _("Switched to this account"),
        Event.EMAIL_CHANGE_ASKED: _("Asked for another e-mail address"),
        Event.EMAIL_CHANGED: _("E-mail address changed"),
        Event.EMAIL_CHANGE_UNDONE: _("Change of the e-mail address taken back"),
    }


def _of_documents() -> dict[str, str]:
    return {
        **dict.fromkeys(DRAFTED.values(), _("%(document)s drafted")),
        **dict.fromkeys(ISSUED.values(), _("%(document)s issued")),
        **dict.fromkeys(VIEWED.values(), _("%(document)s viewed")),
        **dict.fromkeys(VOIDED.values(), _("%(document)s voided")),
        **dict.fromkeys(UPDATED.values(), _("%(document)s changed")),
        **dict.fromkeys(DRAFT_DELETED.values(), _("%(document)s deleted as a draft")),
        Event.ESTIMATE_APPROVED: _("%(document)s approved: %(name)s"),
        Event.ESTIMATE_DECLINED: _("%(document)s declined: %(name)s"),
        Event.ESTIMATE_INVOICED: _("%(document)s invoiced"),
        Event.SALES_ORDER_INVOICED: _("%(document)s invoiced"),
        Event.INVOICE_WRITTEN_OFF: _("%(document)s written off"),
        Event.INVOICE_WRITE_OFF_UNDONE: _("Write-off of %(document)s undone"),
        Event.CREDIT_NOTE_APPLIED: _("%(document)s applied"),
        Event.CREDIT_NOTE_TAKEN_OFF: _("%(document)s taken off an invoice"),
        Event.MAIL_WORDING_CHANGED: _("Text of a mail changed"),
        Event.MAIL_WORDING_RESET: _("Text of a mail put back"),
        Event.MAIL_RUN_STARTED: _("Many documents to be e-mailed"),
        Event.TEST_MAIL_ASKED: _("Test mail to be sent"),
        Event.INVOICE_REMINDER_DUE: _("Reminder of %(document)s to be e-mailed"),
        Event.INVOICE_REMINDERS_STOPPED: _("Reminders of %(document)s stopped"),
        Event.INVOICE_REMINDERS_RESUMED: _("Reminders of %(document)s resumed"),
        Event.DOCUMENT_MAIL_ASKED: _("%(document)s to be e-mailed"),
        Event.STATEMENT_MAIL_ASKED: _("Statement to be e-mailed"),
        Event.RECEIPT_MAIL_ASKED: _("Receipt to be e-mailed"),
    }


def _of_messages() -> dict[str, str]:
    return {
        Event.COMMENT_CREATED: _("Message by %(name)s"),
        Event.COMMENT_EDITED: _("Message by %(name)s edited"),
        Event.COMMENT_REMOVED: _("Message by %(name)s removed"),
        Event.STAFF_DIGEST_DUE: _("Messages of the day mailed to staff"),
        Event.NOTE_CREATED: _("Internal note by %(name)s"),
        Event.NOTE_EDITED: _("Internal note by %(name)s edited"),
        Event.NOTE_REMOVED: _("Internal note by %(name)s removed"),
        Event.CONVERSATION_READ: _("The customer read the answer"),
        Event.CONVERSATION_RESOLVED: _("Messages marked as resolved"),
        Event.CONVERSATION_REOPENED: _("Messages marked as needing attention"),
        Event.CONVERSATION_ASSIGNED: _("Messages assigned to %(name)s"),
    }


def _of_payments() -> dict[str, str]:
    return {
        Event.PAYMENT_RECORDED: _("Payment %(number)s of %(amount)s recorded"),
        Event.PAYMENT_SUCCEEDED: _("Payment %(number)s of %(amount)s received online"),
        Event.PAYMENT_REFUNDED: _("%(amount)s of payment %(number)s refunded"),
        Event.PAYMENT_VOIDED: _("Payment %(number)s voided"),
        Event.PAYMENT_METHOD_SAVED: _("Payment method %(name)s saved"),
        Event.PAYMENT_METHOD_DEFAULT: _("Payment method %(name)s made the default"),
        Event.PAYMENT_METHOD_REMOVED: _("Payment method %(name)s removed"),
        Event.PAYMENT_METHOD_EXPIRES: _("Payment method %(name)s expires soon"),
        Event.AUTOPAY_ENROLLED: _("AutoPay switched on, by %(name)s"),
        Event.AUTOPAY_LEFT: _("AutoPay switched off"),
        Event.AUTOPAY_ANNOUNCED: _("%(amount)s of %(number)s announced: AutoPay collects it soon"),
        Event.AUTOPAY_CHANGED: _("AutoPay: another number of days"),
        Event.PAYMENT_APPLIED: _("Payment %(number)s applied"),
        Event.PAYMENT_TAKEN_OFF: _("%(amount)s of payment %(number)s taken off an invoice"),
        Event.PAYMENT_REFUND_STARTED: _("Refund of %(amount)s of payment %(number)s started"),
        Event.PAYMENT_REFUND_FAILED: _("Refund of %(amount)s of payment %(number)s failed"),
        Event.PAYMENT_DISPUTE_OPENED: _("%(amount)s of payment %(number)s disputed by the customer"),
        Event.PAYMENT_DISPUTE_WITHDRAWN: _("%(amount)s of payment %(number)s taken back by the bank for now"),
        Event.PAYMENT_DISPUTE_WON: _("Dispute of %(amount)s of payment %(number)s won"),
        Event.PAYMENT_DISPUTE_LOST: _("Dispute of %(amount)s of payment %(number)s lost"),
        Event.CREDIT_BALANCE_ADJUSTED: _("Credit balance changed by %(amount)s (%(number)s)"),
        Event.CREDIT_ADJUSTMENT_APPLIED: _("Credit adjustment %(number)s applied"),
        Event.CREDIT_ADJUSTMENT_TAKEN_OFF: _("%(amount)s of credit adjustment %(number)s taken off an invoice"),
        Event.ATTEMPT_STARTED: _("Online payment of %(amount)s started"),
        Event.ATTEMPT_REQUIRES_ACTION: _("Online payment of %(amount)s waits for the customer's confirmation"),
        Event.ATTEMPT_PROCESSING: _("Online payment of %(amount)s is being processed"),
        Event.ATTEMPT_SUCCEEDED: _("Online payment of %(amount)s succeeded: %(payment)s"),
        Event.ATTEMPT_FAILED: _("Online payment of %(amount)s failed"),
        Event.ATTEMPT_CANCELED: _("Online payment of %(amount)s canceled"),
        Event.ATTEMPT_MISMATCHED: _("Online payment: the provider collected another amount than %(amount)s"),
        Event.PROMISE_MADE: _("Payment of %(amount)s promised for %(number)s"),
        Event.PROMISE_WITHDRAWN: _("Promise of %(amount)s for %(number)s withdrawn"),
        Event.CREDITS_APPLIED: _("Credits of %(amount)s used"),
        Event.BALANCES_REPAIRED: _("Stored balances corrected from the ledger"),
    }


def _of_plans() -> dict[str, str]:
    return {
        Event.PLAN_CREATED: _("Payment plan of %(amount)s made for %(number)s"),
        Event.PLAN_CHANGED: _("Payment plan for %(number)s changed"),
        Event.PLAN_APPROVED: _("Payment plan for %(number)s approved by %(name)s"),
        Event.PLAN_MAIL_ASKED: _("Payment plan for %(number)s to be e-mailed"),
        Event.PLAN_INSTALMENT_NEXT: _("Reminder of an instalment of %(amount)s of %(number)s"),
        Event.PLAN_CANCELED: _("Payment plan for %(number)s canceled"),
    }
