from django.http import FileResponse

from portico.domain.files.models import File
from portico.web.shared.download import download_headers


def file_response(file: File) -> FileResponse:
    """Answer with a stored file, to be saved and never opened in place; sent piece by piece as it is read."""
    return FileResponse(
        file.open(),
        as_attachment=True,
        filename=file.name,
        content_type=file.media_type,
        headers=download_headers(file.name),
    )
