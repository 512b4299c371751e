from portico.lib.errors import Conflict


class PaymentInProgress(Conflict):
    """Another attempt may still collect money for the same document, so a second one is not begun."""

    code = "payment_in_progress"


class PromisesOff(Conflict):
    """The business takes no promises to pay."""

    code = "promises_off"


class MethodDisabled(Conflict):
    """The business does not offer this way to pay to this customer, or for this invoice."""

    code = "method_disabled"


class NotPayable(Conflict):
    """Nothing is to be paid: the document is paid, voided or written off, or is collected in another way."""

    code = "not_payable"
