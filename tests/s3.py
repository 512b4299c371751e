"""A server that speaks the protocol of S3, moto's, as a process of its own on this machine."""

import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import boto3
import httpx

from tests.server import free_port

_KEYS = {"PORTICO_S3_ACCESS_KEY": "tests", "PORTICO_S3_SECRET_KEY": "a secret of tests"}


class S3Server:
    """Runs while it is entered; what it holds is forgotten at its end."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def client(self) -> Any:
        """A program of its own that looks into the buckets."""
        keys = {"aws_access_key_id": "tests", "aws_secret_access_key": "a secret of tests"}
        return boto3.client("s3", endpoint_url=self.url, region_name="us-east-1", **keys)

    def new_bucket(self) -> str:
        """Make a bucket and return its name."""
        name = f"files-{uuid4()}"
        self.client.create_bucket(Bucket=name)
        return name

    def environment(self, bucket: str) -> dict[str, str]:
        """Return the settings by which Portico finds a bucket here."""
        return {"PORTICO_S3_BUCKET": bucket, "PORTICO_S3_ENDPOINT": self.url, "PORTICO_S3_PREFIX": "portico"} | _KEYS

    def keys(self, bucket: str) -> list[str]:
        """Return the names of what a bucket holds."""
        return sorted(entry["Key"] for entry in self.client.list_objects_v2(Bucket=bucket).get("Contents", ()))

    def __enter__(self) -> Self:
        port = self.url.rpartition(":")[2]
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        pause = threading.Event()
        for _ in range(600):
            assert self._process.poll() is None, self._log.read_text()
            try:
                httpx.get(f"{self.url}/moto-api/", timeout=5, trust_env=False)
            except httpx.TransportError:
                pause.wait(0.1)
            else:
                return self
        raise AssertionError("The server does not answer.")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
