"""Originals through the API: the file that a document was imported from and what was kept aside, byte for byte."""

import hashlib

from portico.domain.activity.actor import OPERATOR
from portico.intake.actions.import_file import Run
from portico.web.api.v1.tests.conftest import Program
from portico.web.dashboard.documents.tests.test_originals import CONTENT, PROGRAM


def _content(program: Program, original: str) -> bytes:
    answer = program._client.get(
        f"/api/v1/originals/{original}/content", headers={"Authorization": f"Bearer {program.key}"}
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/octet-stream")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    content: bytes = answer.getvalue()
    for let_go in getattr(answer, "_resource_closers", ()):
        let_go()
    return content


def test_programs_get_the_files_as_they_came_and_strangers_nothing(program: Program, stranger: Program) -> None:
    document = Run(program.business, by=OPERATOR).take(CONTENT, name="R-117.xml").document
    assert document is not None
    program.customer()
    other = program.invoice()
    aside, source = program.get(f"/originals?document={document.public_id}").json["data"]
    assert (source["document"], source["name"], source["refused"]) == (document.public_id, "R-117.xml", None)
    assert (source["size"], source["sha256"]) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert aside["refused"]
    assert (_content(program, source["id"]), _content(program, aside["id"])) == (CONTENT, PROGRAM)
    assert program.get(f"/originals/{aside['id']}").json == aside
    first = program.get("/originals?limit=1").json
    assert program.get(f"/originals?limit=1&cursor={first['next_cursor']}").json["data"] == [source]
    assert program.get(f"/originals?document={other['id']}").json["data"] == []
    assert stranger.get("/originals").json["data"] == []
    stranger.get(f"/originals?document={document.public_id}").refused(404, "not_found")
    for path in (f"/originals/{source['id']}", f"/originals/{source['id']}/content", "/originals/orig_nothing"):
        stranger.get(path).refused(404, "not_found")
    assert program.send("DELETE", f"/originals/{source['id']}").status == 405
