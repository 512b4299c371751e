"""Whatever programs send, it is answered as described, and never by a mistake of ours."""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portico.web.api.v1.tests.conftest import Program
from portico.web.api.v1.tests.test_openapi import SCHEMA

_described = schemathesis.openapi.from_dict(SCHEMA)
_described.app = get_wsgi_application()
_HEADERS = {"Host": "testserver"}


@pytest.mark.django_db(transaction=True)
@given(case=_described.as_strategy())
@settings(max_examples=40, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered_as_described(case: schemathesis.Case[Any], program: Program) -> None:
    if not program.get("/customers").json["data"]:
        program.customer()
        program.invoice(external_id="0")
    case.call_and_validate(
        headers=_HEADERS | {"Authorization": f"Bearer {program.key}"},
        checks=[not_a_server_error, content_type_conformance, status_code_conformance, response_schema_conformance],
    )
