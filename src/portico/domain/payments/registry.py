"""The gateways this installation has: those its settings list, and those that other packages bring."""

from functools import cache
from importlib.metadata import entry_points

from django.conf import settings
from django.utils.module_loading import import_string

from portico.domain.payments.gateway import Gateway
from portico.lib.errors import NotFound

# Another package offers a gateway by an entry point in this group: its name, and the class to make it of.
ENTRY_POINTS = "portico.gateways"


@cache
def gateways() -> dict[str, Gateway]:
    """Return every gateway by its name. One of Portico's own is not replaced by another package's of that name."""
    found: dict[str, Gateway] = {}
    for point in entry_points(group=ENTRY_POINTS):
        found[point.name] = point.load()()
    for path in settings.PORTICO_GATEWAYS:
        gateway: Gateway = import_string(path)()
        found[gateway.name] = gateway
    return found


def offline_gateways() -> list[str]:
    """Return the names of the gateways that collect nothing: what is paid by them is paid without a provider."""
    return [name for name, gateway in gateways().items() if not gateway.capabilities().collects]


def gateway_named(name: str) -> Gateway:
    """Return a gateway by its name. Raises NotFound."""
    found = gateways().get(name)
    if found is None:
        raise NotFound(f"There is no payment gateway {name} in this installation.", code="unknown_gateway")
    return found
