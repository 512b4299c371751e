"""Getting the bytes of a file, never more of them than a document can have."""

import os
import stat
from pathlib import Path

from portico.intake.errors import Unreadable

# An invoice of ten thousand lines is some 15 MB; what is larger carries attachments that belong elsewhere.
MAX_FILE_BYTES = 20 * 1024 * 1024


def read_bounded(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return the content of a file of at most `limit` bytes.

    A larger regular file is refused by its size alone; a pipe or a device is read up to the limit. Raises Unreadable
    for a file that is missing, too large, empty, no file, or may not be read.
    """
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > limit:
                raise _too_large(limit, status.st_size)
            content = stream.read(limit + 1)
    except FileNotFoundError as error:
        raise Unreadable("there is no such file.") from error
    except IsADirectoryError as error:
        raise Unreadable("this is a folder, not a file.") from error
    except PermissionError as error:
        raise Unreadable("this file may not be read: permission denied.") from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"this file can't be read: {error}.") from error
    return check_size(content, limit)


def pdf_beside(path: Path) -> Path | None:
    """Return the PDF that lies beside a file under the same name: `R-1.pdf` beside `R-1.xml`."""
    others = (path.with_suffix(ending) for ending in (".pdf", ".PDF")) if path.name else ()
    return next((other for other in others if other != path and other.is_file()), None)


def check_size(content: bytes, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return `content`, or raise Unreadable when it is empty or larger than `limit` bytes."""
    if len(content) > limit:
        raise _too_large(limit)
    if not content:
        raise Unreadable("the file is empty.")
    return content


def _too_large(limit: int, size: int | None = None) -> Unreadable:
    has = f"the file has {_megabytes(size)}" if size is not None else "the file is too large"
    return Unreadable(f"{has}; at most {_megabytes(limit)} are read.", code="file_too_large")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB" if size >= 1024 * 1024 else f"{size:,} bytes"
