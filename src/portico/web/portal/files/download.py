from django.http import FileResponse, HttpRequest

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents import queries
from portico.lib.errors import NotFound
from portico.web.portal.core.gate import DOCUMENTS, portal_page
from portico.web.shared.download import file_response


@portal_page(opens=DOCUMENTS)
def file(request: HttpRequest, viewer: CustomerViewer, key: str, name: str) -> FileResponse:
    """Send a file that hangs on the customer or on a document the customer may see. It has one address."""
    row = queries.file(viewer, key)
    if row.name != name:
        raise NotFound(f"There is no file {name}.")
    return file_response(request, row)
