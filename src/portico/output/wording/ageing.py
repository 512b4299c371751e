from django.utils.translation import gettext as _


def bucket_label(name: str) -> str:
    """Return the heading of an ageing column named like `current`, `1_30` or `91_plus`."""
    first, _separator, last = name.partition("_")
    if name == "current":
        return _("Not yet due")
    if name == "unapplied":
        return _("Credits")
    if last == "plus":
        return _("%(first)s days and more") % {"first": first}
    return _("%(first)s to %(last)s days") % {"first": first, "last": last}
