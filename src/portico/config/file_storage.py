"""Where files are kept, as Django wants to hear it: `PORTICO_FILES` and `PORTICO_S3_…`."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portico.config.addresses import http_address
from portico.domain.files.places import BUCKET, FOLDER

_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]+")
_PREFIX = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


def place_of_new_files(environment: Mapping[str, str]) -> str:
    """Return where new files are kept: `local` or `s3`. Anything else stops the start with one line."""
    place = environment.get("PORTICO_FILES", "").strip() or FOLDER
    if place not in {FOLDER, BUCKET}:
        raise SystemExit(f"PORTICO_FILES must be {FOLDER} or {BUCKET}, not {place!r}.")
    return place


def file_storages(kept: str, folder: Path, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the part of Django's `STORAGES` that is about files: those of the folder, and of a bucket that is named.

    `kept` is where new files are kept. What makes no sense stops the start with one line, which repeats no key.
    """
    local = {"BACKEND": "portico.domain.files.folder.Folder", "OPTIONS": {"location": str(folder)}}
    bucket = _bucket(environment)
    if bucket is None:
        if kept == BUCKET:
            raise SystemExit(f"PORTICO_FILES is {BUCKET}, so PORTICO_S3_BUCKET has to name a bucket.")
        return {"default": local}
    first, second = (BUCKET, FOLDER) if kept == BUCKET else (FOLDER, BUCKET)
    both = {"BACKEND": "portico.domain.files.places.Places", "OPTIONS": {"first": first, "second": second}}
    return {"default": both, FOLDER: local, BUCKET: bucket}


def _bucket(environment: Mapping[str, str]) -> dict[str, Any] | None:
    name = environment.get("PORTICO_S3_BUCKET", "").strip()
    endpoint = environment.get("PORTICO_S3_ENDPOINT", "").strip()
    region = environment.get("PORTICO_S3_REGION", "").strip()
    access_key = environment.get("PORTICO_S3_ACCESS_KEY", "").strip()
    secret_key = environment.get("PORTICO_S3_SECRET_KEY", "").strip()
    prefix = environment.get("PORTICO_S3_PREFIX", "").strip().strip("/")
    if not name:
        if endpoint or region or access_key or secret_key or prefix:
            raise SystemExit("PORTICO_S3_BUCKET has to name the bucket that the other PORTICO_S3 settings are for.")
        return None
    if not _BUCKET_NAME.fullmatch(name):
        raise SystemExit(f"PORTICO_S3_BUCKET must be the name of a bucket, not {name!r}.")
    if endpoint and not _is_endpoint(endpoint):
        raise SystemExit("PORTICO_S3_ENDPOINT must be an http or https address with nothing behind the host and port.")
    if region and not _REGION.fullmatch(region):
        raise SystemExit(f"PORTICO_S3_REGION must be the name of a region, not {region!r}.")
    if bool(access_key) != bool(secret_key):
        raise SystemExit("PORTICO_S3_ACCESS_KEY and PORTICO_S3_SECRET_KEY go together.")
    if prefix and (not _PREFIX.fullmatch(prefix) or ".." in prefix.split("/")):
        raise SystemExit(f"PORTICO_S3_PREFIX must be a folder such as portico/files, not {prefix!r}.")
    options = {
        "bucket_name": name,
        "endpoint_url": endpoint or None,
        "region_name": region or "us-east-1",
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "location": prefix,
    }
    return {"BACKEND": "portico.domain.files.bucket.Bucket", "OPTIONS": options}


def _is_endpoint(text: str) -> bool:
    parts = http_address(text)
    return parts is not None and not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
