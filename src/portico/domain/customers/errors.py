from portico.lib.errors import Conflict


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same thing after it was read; nothing was overwritten."""

    code = "changed_meanwhile"


class TooManyContacts(Conflict):
    """The customer has as many contacts as are kept."""

    code = "too_many_contacts"


class CustomerArchived(Conflict):
    """The customer is archived, and gets no new documents until that is undone."""

    code = "customer_archived"


class ExternalIdTaken(Conflict):
    """Another customer of the business has this external id."""

    code = "external_id_taken"
