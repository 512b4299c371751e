from portico.lib.errors import Conflict


class CustomerMerged(Conflict):
    """The customer has become part of another one in the meantime; nothing was changed."""

    code = "customer_merged"
