import hashlib
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from portico.domain.files.models import Original
from portico.domain.files.names import shown_name
from portico.lib.ids import Ref, uuid7


def keep_original(
    business_id: UUID, subject: Ref, name: str, content: bytes, media_type: str, *, refused: str = ""
) -> Original:
    """Keep a file as it came beside the document that was made of it, in the caller's transaction."""
    key = uuid7()
    # As with files, the content comes first: without its row nobody sees it, and the sweep removes it.
    path = default_storage.save(f"{business_id}/{key}", ContentFile(content))
    return Original.objects.create(
        id=key,
        business_id=business_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        name=shown_name(name),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
        refused=refused[:255],
    )
