"""The business's own PDF of a document, as a page shows it: its first pages as pictures.

They have the PDF's own address, with `?page=1`: who may have one may have the other.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.documents.models import Document
from portico.domain.documents.queries import own_pdf
from portico.domain.files.models import File
from portico.lib.errors import NotFound
from portico.lib.l10n import Formatter
from portico.output.pdf.page_pictures import NotYet, page_picture, page_pictures

_HEADERS = {
    "Content-Disposition": "inline",
    # Drawn by us, of the content that its address names.
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "sandbox",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """A page's picture."""

    url: str
    label: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Original:
    """The first pages of a PDF; `rest` says how many more there are."""

    pages: list[OriginalPage]
    rest: str


@dataclass(frozen=True, slots=True)
class OriginalView:
    """What a page shows of the business's own PDF: nothing where it can't be drawn, or is not drawn yet.

    The latter is not `settled`: the page may look different the next time.
    """

    shown: Original | None = None
    settled: bool = True


def original_view(file: File | None, pdf_url: str, fmt: Formatter) -> OriginalView:
    """Return what to show of a document's own PDF, which is handed out at `pdf_url`."""
    if file is None:
        return OriginalView()
    try:
        pictures = page_pictures(file)
    except NotYet:
        return OriginalView(settled=False)
    if not pictures.sizes:
        return OriginalView()
    pages = [
        OriginalPage(
            # Another PDF has other addresses, so that no browser shows the one before.
            url=f"{pdf_url}?page={number}&of={file.sha256[:12]}",
            label=_("Page %(number)s") % {"number": fmt.number(number)},
            width=width,
            height=height,
        )
        for number, (width, height) in enumerate(pictures.sizes, start=1)
    ]
    values = {"shown": fmt.number(len(pages)), "count": fmt.number(pictures.count)}
    rest = _("The first %(shown)s of %(count)s pages are shown.") % values if pictures.count > len(pages) else ""
    return OriginalView(Original(pages, rest))


def original_page(request: HttpRequest, document: Document) -> HttpResponse | None:
    """Answer with the picture of a page of a document's own PDF, where that is what is asked for; else return None.

    The viewer has fetched the document. Raises NotFound.
    """
    asked = request.GET.get("page")
    if asked is None:
        return None
    file = own_pdf(document)
    try:
        content = page_picture(file, asked) if file else None
    except NotYet:
        return HttpResponse(status=503, headers={"Cache-Control": "no-store", "Retry-After": "5"})
    if content is None:
        raise NotFound("There is no picture of this page.")
    return HttpResponse(content, content_type="image/webp", headers=_HEADERS)
