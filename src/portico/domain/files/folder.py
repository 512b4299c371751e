import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """Files in a folder of this machine: one is whole and on the disk when it has its name, and never half there."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        # Only its owner reads it. What a killed process leaves behind is swept like other content that has no row.
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete_on_close=False) as draft:
            for piece in content.chunks():
                draft.write(piece)
            draft.flush()
            os.fsync(draft.fileno())
            draft.close()
            Path(draft.name).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            # Else a power cut could take the name back after the row was kept.
            os.fsync(folder)
        finally:
            os.close(folder)
        return name
