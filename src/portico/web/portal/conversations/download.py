from django.http import FileResponse, HttpRequest

from portico.domain.access.viewer import CustomerViewer
from portico.domain.conversations.queries import file_of_comment
from portico.lib.errors import NotFound
from portico.web.portal.core.gate import DOCUMENTS, portal_page
from portico.web.shared.download import file_response


@portal_page(opens=DOCUMENTS)
def comment_file(request: HttpRequest, viewer: CustomerViewer, key: str, name: str) -> FileResponse:
    """Send a file of a comment that the customer may see, with messages switched off too. It has one address."""
    row = file_of_comment(viewer, key)
    if row.name != name:
        raise NotFound(f"There is no file {name}.")
    return file_response(request, row)
