"""Documents: the files there are for a customer, searched, and all of them in one ZIP."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import CustomerViewer
from portico.domain.conversations.queries import documents_of_files, shown_files
from portico.domain.documents.models import Document
from portico.domain.files.models import File
from portico.lib.clock import local_date
from portico.lib.folding import meets, search_terms, words
from portico.output.pdf.pdf_files import list_filename
from portico.output.pdf.zip_stream import ZipEntry, zip_stream
from portico.output.wording.kinds import numbered_label
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.file_list import customer_files
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import shown_item_url
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.own_code import customized
from portico.web.portal.core.urls import page_url
from portico.web.shared.download import streamed
from portico.web.shared.files import FileRow, size_label
from portico.web.shared.page import page, reader_formatter
from portico.web.shared.table import make_pager, page_count

_PAGE_SIZE = 25
MOST_IN_ZIP = 500
# One of the few threads that answer everybody sends it.
MOST_BYTES_IN_ZIP = 1024**3


class SearchForm(forms.Form):
    """What the list is narrowed to; what is wrong in an address counts as not given."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"class": "po-input", "type": "search", "autocomplete": "off"}),
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def value(self, name: str) -> Any:
        """Return what was given, or nothing."""
        self.is_valid()
        return self.cleaned_data.get(name)


@portal_page()
@revalidated
def documents(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the files a customer may download."""
    form, fmt = SearchForm(request.GET), reader_formatter()
    query = form.value("q") or ""
    found, about = _found(viewer, query)
    number = min(form.value("page") or 1, page_count(len(found), _PAGE_SIZE))
    shown = found[(number - 1) * _PAGE_SIZE : number * _PAGE_SIZE]
    rows = [
        _leading(row, about.get(file.pk), viewer)
        for file, row in zip(shown, customer_files(shown, viewer.business, fmt), strict=True)
    ]
    context = {
        "form": form,
        "query": query,
        "rows": rows,
        "zip_url": _url("documents_zip", query),
        "zip_size": size_label(sum(file.size for file in found), fmt),
        "count": len(found),
        "pages": make_pager(number, len(found), _PAGE_SIZE, lambda page: _url("documents", query, page), fmt),
    }
    return customer_page(request, viewer, "portal/files/list.html", context, nav="documents")


@portal_page()
def documents_zip(request: HttpRequest, viewer: CustomerViewer) -> HttpResponseBase:
    """Send the files of the list in one ZIP, written while it is sent; for too many, say how to narrow it."""
    query = SearchForm(request.GET).value("q") or ""
    found, _about = _found(viewer, query)
    if len(found) > MOST_IN_ZIP or sum(file.size for file in found) > MOST_BYTES_IN_ZIP:
        context = {"count": len(found), "most": MOST_IN_ZIP, "back_url": _url("documents", query)}
        return page(request, "downloads/too_many.html", context, brand=customized(request, viewer.business), status=422)
    name = list_filename(viewer.business, "document").removesuffix(".pdf") + ".zip"
    return streamed(zip_stream(_entries(viewer, found)), name, "application/zip")


def _found(viewer: CustomerViewer, query: str) -> tuple[list[File], dict[UUID, Document]]:
    """Return the files that a search leaves, newest first, and the documents that files are about."""
    rows = list(shown_files(viewer))
    about = dict(documents_of_files(viewer, rows))
    terms = search_terms(query)
    if not terms:
        return rows, about

    def is_met(file: File) -> bool:
        document = about.get(file.pk)
        found = words(file.name, file.description, document.number if document else "")
        return all(meets(found, term) for term in terms)

    return [file for file in rows if is_met(file)], about


def _leading(row: FileRow, document: Document | None, viewer: CustomerViewer) -> FileRow:
    """Return the row of a file with the way to the document it is attached to."""
    if document is None:
        return row
    url = shown_item_url(document.kind, document.pk, viewer.business)
    return replace(row, about=numbered_label(document.kind, document.number), about_url=url)


def _entries(viewer: CustomerViewer, files: list[File]) -> Iterator[ZipEntry]:
    for file in files:
        yield ZipEntry(file.name, local_date(file.created_at, viewer.business.time_zone), file.open())


def _url(name: str, query: str, number: int = 1) -> str:
    given = {"q": query, "page": number if number > 1 else ""}
    asked = urlencode({name: value for name, value in given.items() if value})
    return page_url(name) + (f"?{asked}" if asked else "")
