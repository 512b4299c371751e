from portico.lib.errors import Conflict


class CannotMerge(Conflict):
    """Two customers can't become one as they stand; `code` says why."""

    code = "cannot_merge"


class CannotUndoMerge(Conflict):
    """A merge can't be undone any more; `code` says why."""

    code = "cannot_undo_merge"
