"""Every operation of the API says which scope a key needs for it, in the code, and rightly by its method."""

from ninja.openapi.schema import OpenAPISchema

from portico.domain.access.models import ApiScope
from portico.web.api.v1.api import api

# What makes links, whatever the method.
_MAKES_LINKS = {"get_portal_url", "post_portal_url", "create_sign_in_link"}


def test_every_operation_names_its_scope() -> None:
    schema: OpenAPISchema = api.get_openapi_schema()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            wanted = ApiScope.READ if method == "get" else ApiScope.WRITE
            wanted = ApiScope.LINKS if operation["operationId"] in _MAKES_LINKS else wanted
            assert operation["x-scope"] == wanted, f"{method} {path}: write `auth={wanted.name}` beside its path"
