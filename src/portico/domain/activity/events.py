"""Every event that Portico records, declared once. The names are stored and public: an event keeps its name for good.

`docs/events.md` describes each of them, `docs/recipes/add-an-event.md` adds one.
"""

from enum import StrEnum
from typing import Self

_DOCUMENT = ("invoice", "estimate", "credit_note", "sales_order")


class Bumps(StrEnum):
    """The model whose version an event bumps, so that pages and files made before it are known to be old."""

    NOTHING = ""
    CUSTOMER = "customers.Customer"
    BUSINESS = "businesses.Business"


class Words(StrEnum):
    """What an event does to the words its subject is found by."""

    STAY = ""
    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


type _Declared = tuple[str, tuple[str, ...], Bumps, bool, bool, Words]


def _event(
    name: str,
    *about: str,
    bumps: Bumps = Bumps.NOTHING,
    announced: bool = False,
    public: bool = False,
    words: Words = Words.STAY,
) -> _Declared:
    return name, about, bumps, announced, public, words


class Event(StrEnum):
    """Something that happened: its value is the name that is stored, `subject.happened`.

    `about` holds the kinds of its subject, as in public ids. An event is `announced` when `portico.jobs.reactions` has
    its reaction, and `public` when programs of the business may be told of it. Its `words` say whether its subject is
    found by others afterwards.
    """

    _value_: str
    about: tuple[str, ...]
    bumps: Bumps
    announced: bool
    public: bool
    words: Words

    BUSINESS_CREATED = _event("business.created", "business", bumps=Bumps.BUSINESS)
    PROFILE_CHANGED = _event("profile.changed", "business", bumps=Bumps.BUSINESS)
    LOCK_DATE_CHANGED = _event("lock_date.changed", "business", bumps=Bumps.BUSINESS)
    NUMBERING_CHANGED = _event("numbering.changed", "business", bumps=Bumps.BUSINESS)
    SETTINGS_CHANGED = _event("settings.changed", "business", bumps=Bumps.BUSINESS)
    BRAND_CHANGED = _event("brand.changed", "business", bumps=Bumps.BUSINESS)
    STYLESHEET_CHANGED = _event("stylesheet.changed", "business", bumps=Bumps.BUSINESS)
    TRUSTED_SITES_CHANGED = _event("trusted_sites.changed", "business", bumps=Bumps.BUSINESS)
    ANALYTICS_CHANGED = _event("analytics.changed", "business", bumps=Bumps.BUSINESS)
    SCRIPT_CHANGED = _event("script.changed", "business", bumps=Bumps.BUSINESS)
    CUSTOM_DOMAIN_ADDED = _event("custom_domain.added", "custom_domain")
    CUSTOM_DOMAIN_PROVEN = _event("custom_domain.proven", "custom_domain", bumps=Bumps.BUSINESS)
    CUSTOM_DOMAIN_USED = _event("custom_domain.used", "custom_domain", bumps=Bumps.BUSINESS)
    CUSTOM_DOMAIN_LEFT = _event("custom_domain.left", "custom_domain", bumps=Bumps.BUSINESS)
    CUSTOM_DOMAIN_FAILING = _event("custom_domain.failing", "custom_domain", announced=True)
    CUSTOM_DOMAIN_RECOVERED = _event("custom_domain.recovered", "custom_domain", announced=True)
    CUSTOM_DOMAIN_LOST = _event("custom_domain.lost", "custom_domain", bumps=Bumps.BUSINESS)
    CUSTOM_DOMAIN_REMOVED = _event("custom_domain.removed", "custom_domain", bumps=Bumps.BUSINESS)
    STAFF_ADDED = _event("staff.added", "business", bumps=Bumps.BUSINESS)
    STAFF_INVITED = _event("staff.invited", "staff_link", announced=True)
    STAFF_INVITATION_WITHDRAWN = _event("staff.invitation_withdrawn", "staff_link")
    STAFF_PASSWORD_ASKED = _event("staff.password_asked", "staff_link", announced=True)
    STAFF_PASSWORD_CHANGED = _event("staff.password_changed", "business")
    STAFF_SECOND_FACTOR_CHANGED = _event("staff.second_factor_changed", "business", announced=True)
    STAFF_REMOVED = _event("staff.removed", "business", bumps=Bumps.BUSINESS)
    STAFF_ROLE_CHANGED = _event("staff.role_changed", "business", bumps=Bumps.BUSINESS)
    BANK_ACCOUNT_ADDED = _event("bank_account.added", "bank_account", bumps=Bumps.BUSINESS)
    BANK_ACCOUNT_CHANGED = _event("bank_account.changed", "bank_account", bumps=Bumps.BUSINESS)
    BANK_ACCOUNT_REMOVED = _event("bank_account.removed", "bank_account", bumps=Bumps.BUSINESS)
    INSTRUCTIONS_CHANGED = _event("payment_instructions.changed", "payment_instruction", bumps=Bumps.BUSINESS)
    API_KEY_CREATED = _event("api_key.created", "api_key", bumps=Bumps.BUSINESS)
    API_KEY_ROTATED = _event("api_key.rotated", "api_key", bumps=Bumps.BUSINESS)
    API_KEY_REVOKED = _event("api_key.revoked", "api_key", bumps=Bumps.BUSINESS)
    MAGIC_KEY_CREATED = _event("magic_key.created", "magic_key")
    MAGIC_KEY_REVOKED = _event("magic_key.revoked", "magic_key")
    GATEWAY_ADDED = _event("gateway.added", "gateway_account", bumps=Bumps.BUSINESS)
    GATEWAY_CHANGED = _event("gateway.changed", "gateway_account", bumps=Bumps.BUSINESS)
    GATEWAY_KEYS_CHANGED = _event("gateway.keys_changed", "gateway_account", bumps=Bumps.BUSINESS)
    GATEWAY_REMOVED = _event("gateway.removed", "gateway_account", bumps=Bumps.BUSINESS)

    CUSTOMER_CREATED = _event("customer.created", "customer", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED)
    CUSTOMER_UPDATED = _event("customer.updated", "customer", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED)
    CUSTOMER_ARCHIVED = _event("customer.archived", "customer", bumps=Bumps.CUSTOMER, public=True)
    CUSTOMER_UNARCHIVED = _event("customer.unarchived", "customer", bumps=Bumps.CUSTOMER, public=True)
    CUSTOMER_MERGED = _event("customer.merged", "customer", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED)
    CUSTOMER_MERGE_UNDONE = _event(
        "customer.merge_undone", "customer", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED
    )
    CUSTOMER_MAIL_CHOSEN = _event("customer.mail_chosen", "customer", bumps=Bumps.CUSTOMER)
    METHODS_DISABLED = _event("payment_methods.disabled", "customer", "invoice", bumps=Bumps.CUSTOMER)
    CONTACT_ADDED = _event(
        "contact.added", "contact", bumps=Bumps.CUSTOMER, announced=True, public=True, words=Words.CHANGED
    )
    CONTACT_UPDATED = _event(
        "contact.updated", "contact", bumps=Bumps.CUSTOMER, announced=True, public=True, words=Words.CHANGED
    )
    CONTACT_REMOVED = _event("contact.removed", "contact", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED)
    FILE_ADDED = _event("file.added", "file", bumps=Bumps.CUSTOMER, public=True)
    FILE_CHANGED = _event("file.changed", "file", bumps=Bumps.CUSTOMER, public=True)
    FILE_REMOVED = _event("file.removed", "file", bumps=Bumps.CUSTOMER, public=True)

    LINK_GENERATED = _event("link.generated", "grant", bumps=Bumps.CUSTOMER)
    LINK_USED = _event("link.used", "grant", bumps=Bumps.CUSTOMER)
    LINK_REVOKED = _event("link.revoked", "grant", bumps=Bumps.CUSTOMER)
    LINK_RENEWAL_ASKED = _event("link.renewal_asked", "grant", bumps=Bumps.CUSTOMER, announced=True)
    LINK_MAIL_ASKED = _event("link.mail_asked", "customer", announced=True)
    SIGNED_LINK_REFUSED = _event("signed_link.refused", "business")
    SIGN_IN_ASKED = _event("sign_in.asked", "challenge", announced=True)
    STEP_UP_ASKED = _event("step_up.asked", "challenge", announced=True)
    EMAIL_CHANGE_ASKED = _event("email_change.asked", "challenge", announced=True)
    EMAIL_CHANGED = _event("email.changed", "challenge", bumps=Bumps.CUSTOMER, announced=True, words=Words.CHANGED)
    EMAIL_CHANGE_UNDONE = _event("email.change_undone", "challenge", bumps=Bumps.CUSTOMER, words=Words.CHANGED)
    SESSION_PROVED = _event("session.proved", "session", bumps=Bumps.CUSTOMER)
    SESSION_ENDED = _event("session.ended", "session", bumps=Bumps.CUSTOMER)
    ACCOUNT_SWITCHED = _event("account.switched", "session")

    INVOICE_DRAFTED = _event("invoice.drafted", "invoice", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED)
    INVOICE_UPDATED = _event("invoice.updated", "invoice", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED)
    INVOICE_DRAFT_DELETED = _event(
        "invoice.draft_deleted", "invoice", bumps=Bumps.CUSTOMER, public=True, words=Words.GONE
    )
    INVOICE_ISSUED = _event(
        "invoice.issued", "invoice", bumps=Bumps.CUSTOMER, announced=True, public=True, words=Words.ADDED
    )
    INVOICE_REMINDER_DUE = _event("invoice.reminder_due", "invoice", announced=True, public=True)
    MAIL_WORDING_CHANGED = _event("mail_wording.changed", "business", bumps=Bumps.BUSINESS)
    MAIL_WORDING_RESET = _event("mail_wording.reset", "business", bumps=Bumps.BUSINESS)
    MAIL_RUN_STARTED = _event("mail_run.started", "mail_run", announced=True)
    TEST_MAIL_ASKED = _event("test_mail.asked", "business", announced=True)
    INVOICE_REMINDERS_STOPPED = _event("invoice.reminders_stopped", "invoice")
    INVOICE_REMINDERS_RESUMED = _event("invoice.reminders_resumed", "invoice")
    INVOICE_VIEWED = _event("invoice.viewed", "invoice", bumps=Bumps.CUSTOMER, public=True)
    INVOICE_WRITTEN_OFF = _event("invoice.written_off", "invoice", bumps=Bumps.CUSTOMER, public=True)
    INVOICE_WRITE_OFF_UNDONE = _event("invoice.write_off_undone", "invoice", bumps=Bumps.CUSTOMER, public=True)
    INVOICE_VOIDED = _event("invoice.voided", "invoice", bumps=Bumps.CUSTOMER, public=True)
    ESTIMATE_DRAFTED = _event("estimate.drafted", "estimate", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED)
    ESTIMATE_DRAFT_DELETED = _event(
        "estimate.draft_deleted", "estimate", bumps=Bumps.CUSTOMER, public=True, words=Words.GONE
    )
    ESTIMATE_ISSUED = _event("estimate.issued", "estimate", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED)
    ESTIMATE_VIEWED = _event("estimate.viewed", "estimate", bumps=Bumps.CUSTOMER, public=True)
    ESTIMATE_UPDATED = _event("estimate.updated", "estimate", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED)
    ESTIMATE_APPROVED = _event("estimate.approved", "estimate", bumps=Bumps.CUSTOMER, announced=True, public=True)
    ESTIMATE_DECLINED = _event("estimate.declined", "estimate", bumps=Bumps.CUSTOMER, announced=True, public=True)
    ESTIMATE_INVOICED = _event("estimate.invoiced", "estimate", bumps=Bumps.CUSTOMER, public=True)
    ESTIMATE_VOIDED = _event("estimate.voided", "estimate", bumps=Bumps.CUSTOMER, public=True)
    CREDIT_NOTE_DRAFTED = _event(
        "credit_note.drafted", "credit_note", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED
    )
    CREDIT_NOTE_UPDATED = _event(
        "credit_note.updated", "credit_note", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED
    )
    CREDIT_NOTE_DRAFT_DELETED = _event(
        "credit_note.draft_deleted", "credit_note", bumps=Bumps.CUSTOMER, public=True, words=Words.GONE
    )
    CREDIT_NOTE_ISSUED = _event(
        "credit_note.issued", "credit_note", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED
    )
    CREDIT_NOTE_VIEWED = _event("credit_note.viewed", "credit_note", bumps=Bumps.CUSTOMER, public=True)
    # An invoice of less than nothing is applied as a credit note is.
    CREDIT_NOTE_APPLIED = _event("credit_note.applied", "credit_note", "invoice", bumps=Bumps.CUSTOMER, public=True)
    CREDIT_NOTE_TAKEN_OFF = _event("credit_note.taken_off", "credit_note", "invoice", bumps=Bumps.CUSTOMER, public=True)
    CREDIT_NOTE_VOIDED = _event("credit_note.voided", "credit_note", bumps=Bumps.CUSTOMER, public=True)
    SALES_ORDER_DRAFTED = _event(
        "sales_order.drafted", "sales_order", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED
    )
    SALES_ORDER_UPDATED = _event(
        "sales_order.updated", "sales_order", bumps=Bumps.CUSTOMER, public=True, words=Words.CHANGED
    )
    SALES_ORDER_DRAFT_DELETED = _event(
        "sales_order.draft_deleted", "sales_order", bumps=Bumps.CUSTOMER, public=True, words=Words.GONE
    )
    SALES_ORDER_ISSUED = _event(
        "sales_order.issued", "sales_order", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED
    )
    SALES_ORDER_VIEWED = _event("sales_order.viewed", "sales_order", bumps=Bumps.CUSTOMER, public=True)
    SALES_ORDER_INVOICED = _event("sales_order.invoiced", "sales_order", bumps=Bumps.CUSTOMER, public=True)
    SALES_ORDER_VOIDED = _event("sales_order.voided", "sales_order", bumps=Bumps.CUSTOMER, public=True)
    STATEMENT_MAIL_ASKED = _event("statement.mail_asked", "customer", announced=True)
    RECEIPT_MAIL_ASKED = _event("receipt.mail_asked", "payment", announced=True)
    DOCUMENT_MAIL_ASKED = _event("document.mail_asked", *_DOCUMENT, announced=True)

    COMMENT_CREATED = _event("comment.created", "comment", bumps=Bumps.CUSTOMER, announced=True, public=True)
    COMMENT_EDITED = _event("comment.edited", "comment", bumps=Bumps.CUSTOMER, public=True)
    COMMENT_REMOVED = _event("comment.removed", "comment", bumps=Bumps.CUSTOMER, public=True)
    STAFF_DIGEST_DUE = _event("staff.digest_due", "business", announced=True)
    NOTE_CREATED = _event("note.created", "comment")
    NOTE_EDITED = _event("note.edited", "comment")
    NOTE_REMOVED = _event("note.removed", "comment")
    NOTE_FILE_ADDED = _event("note_file.added", "file")
    NOTE_FILE_REMOVED = _event("note_file.removed", "file")
    CONVERSATION_READ = _event("conversation.read", "conversation", bumps=Bumps.CUSTOMER)
    CONVERSATION_RESOLVED = _event("conversation.resolved", "conversation", bumps=Bumps.CUSTOMER, public=True)
    CONVERSATION_REOPENED = _event("conversation.reopened", "conversation", bumps=Bumps.CUSTOMER, public=True)
    CONVERSATION_ASSIGNED = _event("conversation.assigned", "conversation")

    PAYMENT_RECORDED = _event("payment.recorded", "payment", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED)
    PAYMENT_APPLIED = _event("payment.applied", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_TAKEN_OFF = _event("payment.taken_off", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_REFUND_STARTED = _event("payment.refund_started", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_REFUND_FAILED = _event("payment.refund_failed", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_DISPUTE_OPENED = _event("payment.dispute_opened", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_DISPUTE_WITHDRAWN = _event("payment.dispute_withdrawn", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_DISPUTE_WON = _event("payment.dispute_won", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_DISPUTE_LOST = _event("payment.dispute_lost", "payment", bumps=Bumps.CUSTOMER, public=True)
    CREDIT_BALANCE_ADJUSTED = _event("credit_balance.adjusted", "credit_adjustment", bumps=Bumps.CUSTOMER, public=True)
    CREDIT_ADJUSTMENT_APPLIED = _event(
        "credit_adjustment.applied", "credit_adjustment", bumps=Bumps.CUSTOMER, public=True
    )
    CREDIT_ADJUSTMENT_TAKEN_OFF = _event(
        "credit_adjustment.taken_off", "credit_adjustment", bumps=Bumps.CUSTOMER, public=True
    )
    PAYMENT_SUCCEEDED = _event("payment.succeeded", "payment", bumps=Bumps.CUSTOMER, public=True, words=Words.ADDED)
    PAYMENT_REFUNDED = _event("payment.refunded", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_VOIDED = _event("payment.voided", "payment", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_METHOD_SAVED = _event("payment_method.saved", "payment_method", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_METHOD_DEFAULT = _event("payment_method.default", "payment_method", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_METHOD_REMOVED = _event("payment_method.removed", "payment_method", bumps=Bumps.CUSTOMER, public=True)
    PAYMENT_METHOD_EXPIRES = _event("payment_method.expires", "payment_method", announced=True, public=True)
    AUTOPAY_ENROLLED = _event("autopay.enrolled", "customer", bumps=Bumps.CUSTOMER, announced=True, public=True)
    AUTOPAY_LEFT = _event("autopay.left", "customer", bumps=Bumps.CUSTOMER, announced=True, public=True)
    AUTOPAY_ANNOUNCED = _event("autopay.announced", "invoice", announced=True, public=True)
    AUTOPAY_CHANGED = _event("autopay.changed", "customer", bumps=Bumps.CUSTOMER, public=True)
    ATTEMPT_STARTED = _event("payment_attempt.started", "payment_attempt", bumps=Bumps.CUSTOMER, public=True)
    ATTEMPT_REQUIRES_ACTION = _event(
        "payment_attempt.requires_action", "payment_attempt", bumps=Bumps.CUSTOMER, public=True
    )
    ATTEMPT_PROCESSING = _event("payment_attempt.processing", "payment_attempt", bumps=Bumps.CUSTOMER, public=True)
    ATTEMPT_SUCCEEDED = _event(
        "payment_attempt.succeeded", "payment_attempt", bumps=Bumps.CUSTOMER, announced=True, public=True
    )
    ATTEMPT_FAILED = _event(
        "payment_attempt.failed", "payment_attempt", bumps=Bumps.CUSTOMER, announced=True, public=True
    )
    ATTEMPT_CANCELED = _event("payment_attempt.canceled", "payment_attempt", bumps=Bumps.CUSTOMER, public=True)
    ATTEMPT_MISMATCHED = _event("payment_attempt.mismatched", "payment_attempt", bumps=Bumps.CUSTOMER)
    PROMISE_MADE = _event("payment_promise.made", "payment_promise", bumps=Bumps.CUSTOMER, public=True)
    PROMISE_WITHDRAWN = _event("payment_promise.withdrawn", "payment_promise", bumps=Bumps.CUSTOMER, public=True)
    PLAN_CREATED = _event("payment_plan.created", "payment_plan", bumps=Bumps.CUSTOMER, public=True)
    PLAN_CHANGED = _event("payment_plan.changed", "payment_plan", bumps=Bumps.CUSTOMER, public=True)
    PLAN_APPROVED = _event("payment_plan.approved", "payment_plan", bumps=Bumps.CUSTOMER, public=True)
    PLAN_MAIL_ASKED = _event("payment_plan.mail_asked", "payment_plan", announced=True)
    PLAN_INSTALMENT_NEXT = _event("payment_plan.instalment_next", "payment_plan", announced=True, public=True)
    PLAN_CANCELED = _event("payment_plan.canceled", "payment_plan", bumps=Bumps.CUSTOMER, public=True)
    CREDITS_APPLIED = _event("credits.applied", "customer", bumps=Bumps.CUSTOMER, public=True)
    BALANCES_REPAIRED = _event("balances.repaired", "customer", bumps=Bumps.CUSTOMER)

    MAIL_SENT = _event("mail.sent", "message")
    MAIL_DELIVERED = _event("mail.delivered", "message")
    MAIL_BOUNCED = _event("mail.bounced", "message", announced=True)
    MAIL_FAILED = _event("mail.failed", "message")

    def __new__(
        cls, name: str, about: tuple[str, ...], bumps: Bumps, announced: bool, public: bool, words: Words
    ) -> Self:
        event = str.__new__(cls, name)
        event._value_ = name
        event.about, event.bumps, event.announced, event.public, event.words = about, bumps, announced, public, words
        return event
