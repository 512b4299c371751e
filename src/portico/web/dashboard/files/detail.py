"""Files of customers and documents: added, downloaded, removed by staff."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.documents.queries import file as file_of
from portico.domain.files.actions.store import remove_file, store_file
from portico.domain.files.errors import FileRefused
from portico.domain.files.models import File
from portico.lib.errors import NotFound
from portico.lib.ids import Ref, public_id
from portico.web.dashboard.core.file_list import FileForm
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.refusals import error_message
from portico.web.shared.download import file_response


@require_POST
@staff_page
def add_customer_file(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Keep a file of a customer."""
    customer = customer_of(viewer, name)
    return _add(request, viewer, customer, customer.ref, reverse("customer", args=[customer.public_id]))


@require_POST
@staff_page
def add_document_file(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Keep a file of a document."""
    document = document_of(viewer, name, *Kind)
    return _add(request, viewer, document.customer, document.ref, reverse("document", args=[document.public_id]))


@staff_page
def file(request: HttpRequest, viewer: StaffViewer, name: str) -> FileResponse:
    """Send a file."""
    return file_response(file_of(viewer, name))


@staff_page
def remove(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Ask whether to remove a file; a confirmed POST removes it."""
    found = file_of(viewer, name)
    if found.subject_kind == "comment":
        raise NotFound("The file of a comment goes with the comment.")
    home = _home(found)
    if request.method == "POST" and request.POST.get("confirmed") == "yes":
        remove_file(found, by=viewer.actor)
        messages.success(request, _("%(name)s is removed.") % {"name": found.name})
        return HttpResponseRedirect(home)
    context = {
        "heading": _("Remove this file?"),
        "text": _("The customer will no longer find it in the portal."),
        "button": _("Remove"),
        "names": [(found.name, "")],
        "hidden": [],
        "action": reverse("remove_file", args=[found.public_id]),
        "back": home,
    }
    return staff_answer(request, viewer, "dashboard/confirm.html", context)


def _add(request: HttpRequest, viewer: StaffViewer, customer: Customer, subject: Ref, home: str) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["file"]))
        return HttpResponseRedirect(home)
    upload: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        kept = store_file(customer, subject, upload.name or "", upload.read(), by=viewer.actor)
    except FileRefused as error:
        messages.error(request, error_message(error))
    else:
        messages.success(request, _("%(name)s is added.") % {"name": kept.name})
    return HttpResponseRedirect(home)


def _home(found: File) -> str:
    if found.subject_kind == "customer":
        return reverse("customer", args=[public_id("customer", found.customer_id)])
    return reverse("document", args=[public_id(found.subject_kind, found.subject_id)])
