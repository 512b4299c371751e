"""Files of customers and documents: added, downloaded, removed by staff."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.own_pdf import set_own_pdf
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.documents.queries import file as file_of
from portico.domain.files.actions.change import change_file
from portico.domain.files.actions.store import FileInput, remove_file, store_file
from portico.domain.files.errors import FileRefused
from portico.domain.files.models import File
from portico.domain.files.names import shown_name
from portico.lib.errors import NotFound
from portico.lib.faults import Unavailable
from portico.lib.ids import public_id
from portico.web.dashboard.core.file_list import FileForm
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message
from portico.web.shared.download import file_response
from portico.web.shared.page import reader_formatter


@require_POST
@staff_page
def add_customer_file(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Keep a file of a customer."""
    customer = customer_of(viewer, name)
    return _add(request, viewer, customer, None, _files_of("customer", customer.public_id))


@require_POST
@staff_page
def add_document_file(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Keep a file of a document."""
    document = document_of(viewer, name, *Kind)
    return _add(request, viewer, document.customer, document, _files_of("document", document.public_id))


@staff_page
def file(request: HttpRequest, viewer: StaffViewer, name: str) -> FileResponse:
    """Send a file."""
    return file_response(request, file_of(viewer, name))


@staff_page
def remove(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Ask whether to remove a file; a confirmed POST removes it."""
    found = _own_file(viewer, name)
    home = _home(found)
    if request.method == "POST" and request.POST.get("confirmed") == "yes":
        remove_file(found, by=viewer.actor)
        messages.success(request, _("%(name)s is removed.") % {"name": found.name})
        return HttpResponseRedirect(home)
    seen, unseen = _("The customer will no longer find it in the portal."), _("This can't be undone.")
    context = {
        "heading": _("Remove this file?"),
        "text": seen if found.visible else unseen,
        "button": _("Remove"),
        "names": [(found.name, "")],
        "hidden": [],
        "action": reverse("remove_file", args=[found.public_id]),
        "back": home,
    }
    return staff_answer(request, viewer, "dashboard/confirm.html", context)


@require_POST
@staff_page
def change(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Let the customer see a file, or not."""
    found = _own_file(viewer, name)
    try:
        changed = change_file(found, visible=request.POST.get("visible") == "yes", by=viewer.actor)
    except FileRefused as error:
        messages.error(request, error_message(error))
    else:
        said = _("The customer sees %(name)s now.") if changed.visible else _("%(name)s is private now.")
        messages.success(request, said % {"name": found.name})
    return HttpResponseRedirect(_home(found))


def _own_file(viewer: StaffViewer, name: str) -> File:
    found = file_of(viewer, name)
    if found.subject_kind == "comment":
        raise NotFound("The file of a comment goes with the comment.")
    return found


def _add(
    request: HttpRequest, viewer: StaffViewer, customer: Customer, document: Document | None, home: str
) -> HttpResponse:
    """Keep the files that may be kept, and say of each of the others why not; a script gets that as JSON."""
    form = FileForm(request.POST, request.FILES)
    added, refused = list[str](), list[str]()
    if form.is_valid():
        said = form.cleaned_data
        for upload in said["file"]:
            try:
                if document is not None and said["is_document"]:
                    kept = set_own_pdf(document, upload.name or "", upload, by=viewer.actor)
                else:
                    data = FileInput(visible=said["visible"])
                    kept = store_file(
                        customer, (document or customer).ref, upload.name or "", upload, data, by=viewer.actor
                    )
                added.append(kept.name)
            except FileRefused as error:
                refused.append(f"{shown_name(upload.name or '')}: {error_message(error)}")
            except Unavailable as error:
                # It would be so for each of the others, and take its time for each.
                refused.append(error_message(error))
                break
    else:
        refused.append(" ".join(str(error) for errors in form.errors.values() for error in errors))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"added": added, "refused": refused}, status=422 if refused else 201)
    if added:
        messages.success(request, _("Added: %(names)s") % {"names": reader_formatter().list(added)})
    for words in refused:
        messages.error(request, words)
    return HttpResponseRedirect(home)


def _home(found: File) -> str:
    if found.subject_kind == "customer":
        return _files_of("customer", public_id("customer", found.customer_id))
    return _files_of("document", public_id(found.subject_kind, found.subject_id))


def _files_of(page: str, name: str) -> str:
    """Return the place of a page where its files are."""
    return reverse(page, args=[name]) + "#files-heading"
