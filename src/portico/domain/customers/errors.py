from portico.lib.errors import Conflict


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same thing after it was read; nothing was overwritten."""

    code = "changed_meanwhile"


class TooManyContacts(Conflict):
    """The customer has as many contacts as are kept."""

    code = "too_many_contacts"
