"""Files in a bucket of Amazon S3, or of a service that speaks its protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from portico.lib.faults import Fault, Unavailable, note

# For each step, in seconds. A request is tried twice, and a transaction may wait for it.
_CONNECT_WITHIN, _ANSWER_WITHIN = 3, 10
# As much of a file as stays in memory when it is read: a picture's preview. The rest of a larger one is on the disk.
_MOST_IN_MEMORY = 256 * 1024
# More than the largest file: each is sent in one request, so that a bucket never has a part of one.
_WHOLE = 1024 * 1024 * 1024


class Bucket(S3Storage):  # type: ignore[misc]  # published without types
    """Nothing in it is public: who may have a file gets it from Portico. Raises Unavailable while it is away."""

    def get_default_settings(self) -> dict[str, Any]:
        """Return what is the same for every bucket; the settings name the rest."""
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {
            "default_acl": None,
            "max_memory_size": _MOST_IN_MEMORY,
            "transfer_config": TransferConfig(multipart_threshold=_WHOLE, use_threads=False),
        }

    def __init__(self, **options: Any) -> None:
        # Services other than Amazon's often have no name for each bucket, and do not know its newer checksums.
        style = "path" if options.get("endpoint_url") else "auto"
        config = Config(
            connect_timeout=_CONNECT_WITHIN,
            read_timeout=_ANSWER_WITHIN,
            retries={"mode": "standard", "total_max_attempts": 2},
            signature_version="s3v4",
            s3={"addressing_style": style},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, **options)

    def check(self) -> str:
        """Return why the bucket can't be used, which waiting does not mend; empty where it can."""
        try:
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        except NoCredentialsError:
            return "There are no keys for the bucket: set PORTICO_S3_ACCESS_KEY and PORTICO_S3_SECRET_KEY."
        except ClientError as error:
            return _REASONS.get(error.response["ResponseMetadata"]["HTTPStatusCode"], "")
        except _AWAY as error:
            note(Fault.FILES, error)
        return ""

    def _open(self, name: str, mode: str = "rb") -> IO[bytes]:
        with _reached():
            file: Any = super()._open(name, mode)
            # Fetched now: what can't be had is said before an answer begins.
            file.open()
        content: IO[bytes] = file
        return content

    def _save(self, name: str, content: Any) -> str:
        with _reached():
            saved: str = super()._save(name, content)
        return saved

    def delete(self, name: str) -> None:
        with _reached():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _reached():
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _reached():
            found: tuple[list[str], list[str]] = super().listdir(path)
        return found

    def size(self, name: str) -> int:
        with _reached():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _reached():
            moment: datetime = super().get_modified_time(name)
        return moment


_AWAY = (BotoCoreError, ClientError, Boto3Error, RetriesExceededError, HTTPError)
_REASONS = {
    301: "The bucket of PORTICO_S3_BUCKET is in another region: see PORTICO_S3_REGION.",
    400: "The bucket of PORTICO_S3_BUCKET can't be used with this region and these keys.",
    403: "The keys do not open the bucket of PORTICO_S3_BUCKET.",
    404: "There is no bucket of the name in PORTICO_S3_BUCKET.",
}


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        note(Fault.FILES, error)
        raise Unavailable(Fault.FILES) from error
