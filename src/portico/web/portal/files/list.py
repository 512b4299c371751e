"""Documents: the files the business has attached for its customer."""

from django.http import HttpRequest, HttpResponse

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents import queries
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.file_list import customer_files
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.shared.page import reader_formatter

# Newest first; older ones are found on the documents they belong to.
_AT_MOST = 500


@portal_page()
@revalidated
def documents(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the files a customer may download."""
    rows = customer_files(queries.files(viewer)[:_AT_MOST], viewer.business, reader_formatter())
    return customer_page(request, viewer, "portal/files/list.html", {"files": rows}, nav="documents")
