from portico.lib.errors import PorticoError


class FileRefused(PorticoError):
    """A file that is not kept.

    `code` is file_empty, file_too_large, file_kind, file_broken, file_infected or too_many_files.
    """

    code = "file_kind"
    status = 422
