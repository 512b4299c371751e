"""What belongs to a customer, and what becomes of it in a merge. A test holds every model to a place."""

# Each row goes along as it is.
MOVED = (
    "documents.Document",
    "documents.PaymentPlan",
    "payments.Payment",
    "payments.PaymentAttempt",
    "payments.CreditAdjustment",
    "payments.PaymentPromise",
    "conversations.Comment",
    "files.File",
    "mail.Message",
)
# Each has rules of its own: see `actions/merge_customers.py`.
RULED = (
    "ledger.Account",
    "payments.PaymentMethod",
    "payments.AutoPay",
    "conversations.Conversation",
    "customers.Contact",
    "customers.MailOptOut",
    "customers.Customer",
    "access.Grant",
    "access.PortalSession",
    "access.EmailVerification",
)
# The winner keeps its own address, the audit log is only added to, and a merge names both for good.
STAYING = ("customers.Address", "activity.Activity", "merges.CustomerMerge")
# What was written since a merge about something that moved goes back with it: by which way it leads to its customer.
FOLLOWING = (
    ("documents.PaymentPlan", "document__customer"),
    ("payments.PaymentPromise", "document__customer"),
    ("conversations.Conversation", "document__customer"),
    ("conversations.Comment", "conversation__customer"),
    ("access.PortalSession", "grant__customer"),
)
# The same for what names its subject by a key alone.
FOLLOWING_SUBJECTS = (("files.File", "subject_id"), ("access.Grant", "target_id"))
SUBJECTS = ("documents.Document", "conversations.Comment", "payments.Payment")
