"""The forms of a page, as a browser fills them in."""

import re
from typing import Any


def filled(html: str) -> dict[str, Any]:
    """Return what a browser would send of the pay page's form as it stands."""
    form = html[html.index('<form class="po-pay"') :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form[: form.index("</form>")]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = attributes.get("type"), attributes.get("name", "")
        if kind in {"radio", "checkbox"}:
            if " checked" in tag:
                found.setdefault(name, []).append(attributes.get("value", "on"))
        elif name:
            found[name] = attributes.get("value", "")
    return found
