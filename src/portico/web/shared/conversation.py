"""What was said in a conversation, as rows of a page: the same for customers and for staff."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import IO
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.businesses.models import Business
from portico.domain.conversations.actions.comment import MOST_FILES
from portico.domain.conversations.models import Comment
from portico.domain.conversations.text import LONGEST, checked_text
from portico.domain.files.models import File
from portico.lib.errors import Invalid, PorticoError
from portico.lib.l10n import Formatter
from portico.web.shared.files import FileRow, file_rows
from portico.web.shared.plain_text import Piece, pieces
from portico.web.shared.uploads import FilesField


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment. `own` says that it is from the reader's side, `role` who is speaking where the name does not.

    `edited` and `removed` are the traces of a change; the URLs are empty where the reader may not change it.
    """

    id: str
    author: str
    role: str
    when: str
    iso: str
    pieces: list[Piece]
    files: list[FileRow]
    own: bool
    new: bool
    internal: bool
    verified: bool
    edited: str
    removed: str
    edit_url: str = ""
    remove_url: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: on which side, how they get at files, and where they change a comment; empty where they may not."""

    is_customer: bool
    role: Callable[[Comment], str]
    file_url: Callable[[File], str]
    change_urls: Callable[[Comment], tuple[str, str]]


def comment_rows(
    said: Sequence[Comment],
    files: Mapping[UUID, list[File]],
    business: Business,
    fmt: Formatter,
    reader: Reader,
    *,
    unread: bool,
) -> list[CommentRow]:
    """Return comments as rows; with `unread`, those are new that came after the reader's side wrote last."""
    last_own = max((place for place, row in enumerate(said) if _is_own(row, reader)), default=-1)
    rows = []
    for place, row in enumerate(said):
        edit_url, remove_url = reader.change_urls(row)
        rows.append(
            CommentRow(
                id=row.public_id,
                author=row.author_name,
                role=reader.role(row),
                when=fmt.moment(row.created_at, business.time_zone),
                iso=row.created_at.isoformat(),
                pieces=pieces(row.body),
                files=file_rows(files.get(row.pk, []), business, fmt, reader.file_url),
                own=_is_own(row, reader),
                new=unread and place > last_own and not row.internal,
                internal=row.internal,
                verified=row.verified,
                edited=fmt.moment(row.edited_at, business.time_zone) if row.edited_at else "",
                removed=fmt.moment(row.removed_at, business.time_zone) if row.removed_at else "",
                edit_url=edit_url,
                remove_url=remove_url,
            )
        )
    return rows


def _is_own(row: Comment, reader: Reader) -> bool:
    return row.is_from_customer == reader.is_customer


def stamp_of(said: Sequence[Comment], *more: object) -> str:
    """Return a word that is another one as soon as a page of these comments would read differently."""
    facts = [(row.id, row.edited_at, row.removed_at) for row in said]
    return sha256(repr((facts, more)).encode()).hexdigest()[:16]


class CommentForm(forms.Form):
    """What somebody wants to say, with files."""

    body = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST,
        widget=forms.Textarea({"class": "po-input", "rows": 4, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )
    # Together no larger than one may be: everybody with a link may write, and a business has only so much room.
    attachments = FilesField(label=gettext_lazy("Attach files"), required=False, most=MOST_FILES)

    def clean_body(self) -> str:
        """Say as the domain does what can't be said."""
        body: str = self.cleaned_data["body"]
        try:
            return checked_text(body)
        except Invalid as error:
            raise ValidationError(_("Write something first.")) from error

    def contents(self) -> list[tuple[str, IO[bytes]]]:
        """Return the files of a valid form, by name."""
        uploads: Iterable[UploadedFile[bytes]] = self.cleaned_data["attachments"]
        return [(upload.name or "", upload) for upload in uploads]

    def refuse(self, error: PorticoError) -> None:
        """Put the domain's refusal at its field, in the reader's language."""
        said = refusal_messages()
        self.add_error("attachments" if error.code in _OF_FILES else "body", said.get(error.code, error.message))


class EditForm(forms.Form):
    """Other words in place of a comment's."""

    body = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST,
        widget=forms.Textarea({"class": "po-input", "rows": 6, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )


_OF_FILES = frozenset(
    {"file_empty", "file_too_large", "file_kind", "file_broken", "file_infected", "too_many_files"}
    | {"files_unavailable", "scanner_unavailable"}
)


def refusal_messages() -> dict[str, str]:
    """Return what readers are told when a comment is refused, by the refusal's code."""
    return {
        "file_empty": _("The file is empty."),
        "file_too_large": _("The file is too large; 20 MB is the most."),
        "file_kind": _("Files of this kind are not kept. PDF, pictures, tables, texts and XML are."),
        "file_broken": _("The picture can't be read, or is too large."),
        "too_many_files": _("There are too many files already."),
        "files_unavailable": _(
            "Files can’t be stored or read at the moment. Nothing was changed. Please try again later."
        ),
        "file_infected": _("A virus was found in the file."),
        "scanner_unavailable": _(
            "Files can’t be checked for viruses at the moment, so none is taken. Please try again later."
        ),
        "too_many_comments": _("Those were many messages in a short time. Please try again in a few minutes."),
        "comment_closed": _("This message can't be changed any more."),
        "invalid": _("Write something first."),
    }
