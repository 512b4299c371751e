"""Keeping and removing files: the row in the database, the content in the storage beside it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.files.content import IMAGES, OPAQUE, kind_of
from portico.domain.files.errors import FileRefused
from portico.domain.files.images import Unreadable, redraw
from portico.domain.files.models import File
from portico.domain.files.names import clean_name
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
    """A file that may be stored: what of it, under which name, and as which media type."""

    name: str
    content: bytes
    media_type: str


def admitted(name: str, content: bytes, *, keep_unknown: bool = False) -> Admitted:  # reads: the files' own rules
    """Return a file as it is stored. Raises FileRefused."""
    content, media_type = _admitted(content, name, keep_unknown)
    return Admitted(clean_name(name, media_type), content, media_type)


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
            default_storage.delete(path)
        raise


def store_file(
    customer: Owner,
    subject: Ref,
    name: str,
    content: bytes,
    *,
    by: Actor,
    description: str = "",
    keep_unknown: bool = False,
) -> File:
    """Keep a file of a customer that hangs on `subject`: the customer itself or one of its documents.

    The content alone decides what the file is; pictures are drawn anew. With `keep_unknown`, harmless content of a kind
    we don't know is kept as `application/octet-stream`, as an invoice's own attachments have to be. Raises FileRefused
    and keeps nothing for anything that may not be stored, too large, or too many.
    """
    return store_admitted(
        customer, subject, admitted(name, content, keep_unknown=keep_unknown), by=by, description=description
    )


@transaction.atomic
def store_admitted(
    customer: Owner, subject: Ref, one: Admitted, *, by: Actor, description: str = "", of_note: bool = False
) -> File:
    """Keep a file that was checked before; `of_note` where it hangs on an internal note. Raises FileRefused."""
    _check_room(customer, subject)
    key = uuid7()
    # The content comes first: a transaction that is rolled back leaves content that no row names, and so nobody sees.
    path = default_storage.save(f"{customer.business_id}/{key}", ContentFile(one.content))
    file = File.objects.create(
        id=key,
        business_id=customer.business_id,
        customer_id=customer.pk,
        subject_kind=subject.kind,
        subject_id=subject.id,
        name=one.name,
        media_type=one.media_type,
        size=len(one.content),
        sha256=hashlib.sha256(one.content).hexdigest(),
        path=path,
        description=description.strip()[:255],
    )
    record(Event.NOTE_FILE_ADDED if of_note else Event.FILE_ADDED, file, by=by, data=_data(file))
    return file


@transaction.atomic
def remove_file(file: File, *, by: Actor, of_note: bool = False) -> None:
    """Remove a customer's file; its content goes once that is certain."""
    record(Event.NOTE_FILE_REMOVED if of_note else Event.FILE_REMOVED, file, by=by, data=_data(file))
    File.objects.filter(pk=file.pk).delete()
    transaction.on_commit(partial(default_storage.delete, file.path), robust=True)


def _admitted(content: bytes, name: str, keep_unknown: bool) -> tuple[bytes, str]:
    """Return what is stored, and as which media type. Raises FileRefused."""
    if not content:
        raise FileRefused("The file is empty.", code="file_empty")
    if len(content) > MAX_BYTES:
        raise FileRefused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.", code="file_too_large")
    media_type = kind_of(content, name)
    if media_type in IMAGES:
        try:
            return redraw(content, media_type), media_type
        except Unreadable as error:
            if not keep_unknown:
                raise FileRefused("The image can't be read, or is too large.", code="file_broken") from error
            media_type = OPAQUE
    if media_type is None or (media_type == OPAQUE and not keep_unknown):
        raise FileRefused("Files of this type can't be uploaded. Use PDF, images, spreadsheets, text or XML.")
    return content, media_type


def _check_room(customer: Owner, subject: Ref) -> None:
    of_customer = File.objects.filter(customer_id=customer.pk)
    full = of_customer.filter(subject_id=subject.id).count() >= MAX_FILES_OF_SUBJECT
    if full or of_customer.count() >= MAX_FILES_OF_CUSTOMER:
        raise FileRefused("There are too many files already.", code="too_many_files")


def _data(file: File) -> dict[str, str]:
    return {"name": file.name, "subject": f"{file.subject_kind}:{file.subject_id}"}
