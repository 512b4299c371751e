from django.utils.http import url_has_allowed_host_and_scheme


def is_own_path(url: str) -> bool:
    """Tell whether a visitor may be sent there: to a path of this host, and never off it."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
