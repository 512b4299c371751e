from django.utils.translation import gettext as _

from portico.lib.visitors import device


def device_label(user_agent: str) -> str:
    """Return `Firefox on Windows`, as much of it as a browser tells, in the language that is active."""
    browser, system = device(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")
