"""Keeping and removing files: the row in the database, the content in the storage beside it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, Protocol
from uuid import UUID

from django.core.files import File as DjangoFile
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.files.content import IMAGES, OPAQUE, kind_of, pieces_of, size_of, stream_of
from portico.domain.files.errors import FileRefused
from portico.domain.files.images import Unreadable, draw_preview
from portico.domain.files.models import File, Purpose
from portico.domain.files.names import clean_name
from portico.domain.files.scanner import refuse_infected
from portico.lib.faults import Unavailable
from portico.lib.ids import Ref, uuid7

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES_OF_SUBJECT = 100
MAX_FILES_OF_CUSTOMER = 20_000


class Owner(Protocol):
    """A customer, as far as files know one."""

    @property
    def pk(self) -> Any: ...

    @property
    def business_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Admitted:
    """A file that may be stored: under which name, as which media type, and a picture's preview."""

    name: str
    content: IO[bytes]
    media_type: str
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class FileInput:
    """How a file is kept: for whom, as what, and what is said of it.

    `of_note` where it hangs on an internal note. With `keep_unknown`, as an invoice's own attachments have to be,
    harmless content of a kind we don't know is kept as `application/octet-stream`. What was `made_here`, by Portico
    itself, needs no virus scanner.
    """

    visible: bool = False
    description: str = ""
    purpose: Purpose = Purpose.ATTACHMENT
    of_note: bool = False
    keep_unknown: bool = False
    made_here: bool = False


_PRIVATE = FileInput()


def admitted(  # reads: own rules
    name: str, content: bytes | IO[bytes], *, keep_unknown: bool = False, made_here: bool = False
) -> Admitted:
    """Return a file that may be stored, as it came. Raises FileRefused, or Unavailable while it can't be scanned."""
    stream = stream_of(content)
    size = size_of(stream)
    if not size:
        raise FileRefused("The file is empty.", code="file_empty")
    if size > MAX_BYTES:
        raise FileRefused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.", code="file_too_large")
    media_type = kind_of(stream, name)
    if media_type is None or (media_type == OPAQUE and not keep_unknown):
        raise FileRefused("Files of this type can't be uploaded. Use PDF, images, spreadsheets, text or XML.")
    if not made_here:
        refuse_infected(stream)
    return Admitted(clean_name(name, media_type), stream, media_type, _preview(stream, media_type, keep_unknown))


@contextmanager
def undone_on_failure() -> Iterator[list[str]]:  # reads: what it is given
    """Delete the contents at the paths that are put into the list, if the block fails.

    It belongs inside the transaction: one whose commit fails may have been kept after all, and the sweep sees to it.
    """
    paths: list[str] = []
    try:
        yield paths
    except BaseException:
        for path in paths:
            with suppress(Unavailable):
                default_storage.delete(path)
        raise


def store_file(
    customer: Owner, subject: Ref, name: str, content: bytes | IO[bytes], data: FileInput = _PRIVATE, *, by: Actor
) -> File:
    """Keep a file of a customer that hangs on `subject`: the customer itself or one of its documents.

    The content alone decides what the file is, and is kept byte for byte. Raises FileRefused and keeps nothing for
    anything that may not be stored, too large, or too many.
    """
    one = admitted(name, content, keep_unknown=data.keep_unknown, made_here=data.made_here)
    return store_admitted(customer, subject, one, data, by=by)


@transaction.atomic
def store_admitted(customer: Owner, subject: Ref, one: Admitted, data: FileInput = _PRIVATE, *, by: Actor) -> File:
    """Keep a file that was checked before. Raises FileRefused."""
    _check_room(customer, subject)
    key = uuid7()
    # The content comes first: a transaction that is rolled back leaves content that no row names, and so nobody sees.
    path = f"{customer.business_id}/{key}"
    sha256 = hashlib.sha256()
    for piece in pieces_of(one.content):
        sha256.update(piece)
    one.content.seek(0)
    path = default_storage.save(path, DjangoFile(one.content))
    preview = default_storage.save(f"{path}-preview", ContentFile(one.preview)) if one.preview else ""
    file = File.objects.create(
        id=key,
        business_id=customer.business_id,
        customer_id=customer.pk,
        subject_kind=subject.kind,
        subject_id=subject.id,
        name=one.name,
        media_type=one.media_type,
        size=size_of(one.content),
        sha256=sha256.hexdigest(),
        path=path,
        description=data.description.strip()[:255],
        visible=data.visible,
        purpose=data.purpose,
        preview_path=preview,
    )
    record(Event.NOTE_FILE_ADDED if data.of_note else Event.FILE_ADDED, file, by=by, data=facts_of(file))
    return file


@transaction.atomic
def remove_file(file: File, *, by: Actor, of_note: bool = False) -> None:
    """Remove a customer's file; its content goes once that is certain."""
    record(Event.NOTE_FILE_REMOVED if of_note else Event.FILE_REMOVED, file, by=by, data=facts_of(file))
    File.objects.filter(pk=file.pk).delete()
    for path in filter(None, (file.path, file.preview_path)):
        transaction.on_commit(partial(default_storage.delete, path), robust=True)


def facts_of(file: File) -> dict[str, Any]:  # reads: the row it is given
    """Return what an event says of a file."""
    return {
        "name": file.name,
        "subject": f"{file.subject_kind}:{file.subject_id}",
        "visible": file.visible,
        "purpose": file.purpose,
    }


def _preview(content: IO[bytes], media_type: str, keep_unknown: bool) -> bytes:
    """Return a picture's preview. Raises FileRefused for one that can't be read, unless it has to be kept as it is."""
    if media_type not in IMAGES:
        return b""
    try:
        return draw_preview(content, media_type)
    except Unreadable as error:
        if keep_unknown:
            return b""
        raise FileRefused("The image can't be read, or is too large.", code="file_broken") from error


def _check_room(customer: Owner, subject: Ref) -> None:
    of_customer = File.objects.filter(customer_id=customer.pk)
    full = of_customer.filter(subject_id=subject.id).count() >= MAX_FILES_OF_SUBJECT
    if full or of_customer.count() >= MAX_FILES_OF_CUSTOMER:
        raise FileRefused("There are too many files already.", code="too_many_files")
