from typing import NamedTuple

from portico.domain.files.models import File, Original


class Checksum(NamedTuple):
    """What a content is known by: its bytes, and their SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


def known_contents(folder: str) -> dict[str, Checksum | None]:
    """Return the paths within a folder that something names, and what is known of each: of a preview, nothing."""
    found: dict[str, Checksum | None] = {}
    for model in (File, Original):
        rows = model._default_manager.filter(path__startswith=f"{folder}/")
        found |= {path: Checksum(size, sha256) for path, size, sha256 in rows.values_list("path", "size", "sha256")}
    previews = File.objects.filter(preview_path__startswith=f"{folder}/")
    return found | dict.fromkeys(previews.values_list("preview_path", flat=True))
