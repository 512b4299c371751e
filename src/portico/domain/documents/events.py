"""Which event of `portico.domain.activity.events` says that something happened to a document of a kind."""

from collections.abc import Mapping

from portico.domain.activity.events import Event
from portico.domain.documents.kinds import Kind, Lifecycle

DRAFTED: Mapping[str, Event] = {
    Kind.INVOICE: Event.INVOICE_DRAFTED,
    Kind.ESTIMATE: Event.ESTIMATE_DRAFTED,
    Kind.CREDIT_NOTE: Event.CREDIT_NOTE_DRAFTED,
    Kind.SALES_ORDER: Event.SALES_ORDER_DRAFTED,
}
UPDATED: Mapping[str, Event] = {
    Kind.INVOICE: Event.INVOICE_UPDATED,
    Kind.ESTIMATE: Event.ESTIMATE_UPDATED,
    Kind.CREDIT_NOTE: Event.CREDIT_NOTE_UPDATED,
    Kind.SALES_ORDER: Event.SALES_ORDER_UPDATED,
}
DRAFT_DELETED: Mapping[str, Event] = {
    Kind.INVOICE: Event.INVOICE_DRAFT_DELETED,
    Kind.ESTIMATE: Event.ESTIMATE_DRAFT_DELETED,
    Kind.CREDIT_NOTE: Event.CREDIT_NOTE_DRAFT_DELETED,
    Kind.SALES_ORDER: Event.SALES_ORDER_DRAFT_DELETED,
}
ISSUED: Mapping[str, Event] = {
    Kind.INVOICE: Event.INVOICE_ISSUED,
    Kind.ESTIMATE: Event.ESTIMATE_ISSUED,
    Kind.CREDIT_NOTE: Event.CREDIT_NOTE_ISSUED,
    Kind.SALES_ORDER: Event.SALES_ORDER_ISSUED,
}
VIEWED: Mapping[str, Event] = {
    Kind.INVOICE: Event.INVOICE_VIEWED,
    Kind.ESTIMATE: Event.ESTIMATE_VIEWED,
    Kind.CREDIT_NOTE: Event.CREDIT_NOTE_VIEWED,
    Kind.SALES_ORDER: Event.SALES_ORDER_VIEWED,
}
VOIDED: Mapping[str, Event] = {
    Kind.INVOICE: Event.INVOICE_VOIDED,
    Kind.ESTIMATE: Event.ESTIMATE_VOIDED,
    Kind.CREDIT_NOTE: Event.CREDIT_NOTE_VOIDED,
    Kind.SALES_ORDER: Event.SALES_ORDER_VOIDED,
}
# By kind and by what was decided about it.
DECIDED: Mapping[tuple[str, str], Event] = {
    (Kind.ESTIMATE, Lifecycle.APPROVED): Event.ESTIMATE_APPROVED,
    (Kind.ESTIMATE, Lifecycle.DECLINED): Event.ESTIMATE_DECLINED,
    (Kind.ESTIMATE, Lifecycle.INVOICED): Event.ESTIMATE_INVOICED,
    (Kind.SALES_ORDER, Lifecycle.INVOICED): Event.SALES_ORDER_INVOICED,
}
# By the kind of a credit's ledger item. The others are documents, and are applied as credit notes are.
APPLIED: Mapping[str, Event] = {
    "payment": Event.PAYMENT_APPLIED,
    "credit_adjustment": Event.CREDIT_ADJUSTMENT_APPLIED,
}
TAKEN_OFF: Mapping[str, Event] = {
    "payment": Event.PAYMENT_TAKEN_OFF,
    "credit_adjustment": Event.CREDIT_ADJUSTMENT_TAKEN_OFF,
}
