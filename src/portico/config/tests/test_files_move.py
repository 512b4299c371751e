"""Moving stored files between the folder and a bucket, and the settings that name the bucket."""

import hashlib
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from portico.config.file_storage import file_storages, place_of_new_files
from portico.config.tests.conftest import Command, fresh_environment
from portico.domain.activity.actor import OPERATOR
from portico.domain.files.actions.store import store_file
from portico.domain.files.bucket import Bucket
from portico.web.dashboard.tests.cast import a_business, a_customer
from tests.prepared import prepare
from tests.s3 import S3Server

_FILES = 40
_BUSINESS = "business create --name Nord --slug nord --currency EUR --country DE --time-zone Europe/Berlin"
_SEED = f"""
from portico.domain.activity.actor import OPERATOR
from portico.domain.files.actions.store import store_file
from portico.domain.businesses.models import Business
from portico.web.dashboard.tests.cast import a_customer
acme = a_customer(Business.objects.get())
for number in range({_FILES}):
    print(store_file(acme, acme.ref, "a.txt", b"Content %d " % number * 9000, by=OPERATOR).path)
"""


def test_a_move_that_is_killed_loses_nothing_and_goes_on(tmp_path: Path, s3_server: S3Server) -> None:
    name, home = s3_server.new_bucket(), tmp_path / "home"
    prepare(home)
    environment = fresh_environment(home, **s3_server.environment(name))

    def run(*words: str, kept: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "portico.config.cli", *words]
        return subprocess.Popen(command, env=environment | {"PORTICO_FILES": kept}, stdout=subprocess.PIPE, text=True)

    def in_folder() -> dict[str, str]:
        return {
            str(path.relative_to(home / "files")): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (home / "files").glob("*/*")
            if not path.name.startswith(".")
        }

    run(*_BUSINESS.split(), kept="local").communicate()
    seeded, _ = run("manage", "shell", "-v", "0", "-c", _SEED, kept="local").communicate()
    before = in_folder()
    assert before.keys() == set(seeded.split())
    moving = run("files", "move", "--to", "s3", kept="s3")
    pause = threading.Event()
    while not s3_server.keys(name):
        assert moving.poll() is None
        pause.wait(0.01)
    moving.send_signal(signal.SIGKILL)
    moving.communicate()
    left = in_folder()
    assert len(left) > 0
    assert in_bucket(s3_server, name) | left == before
    again = run("files", "move", "--to", "s3", kept="s3")
    assert again.communicate()[0].startswith(f"{len(left)} files moved to s3, ")
    assert again.returncode == 0
    assert (in_folder(), in_bucket(s3_server, name)) == ({}, before)
    back = run("files", "move", "--to", "local", kept="local")
    assert back.communicate()[0].startswith(f"{_FILES} files moved to local, ")
    assert (in_folder(), in_bucket(s3_server, name)) == (before, {})


def in_bucket(server: S3Server, name: str) -> dict[str, str]:
    """Return the hashes of what a bucket holds, by the paths that Portico has for them."""
    contents = {key: server.client.get_object(Bucket=name, Key=key)["Body"].read() for key in server.keys(name)}
    return {key.removeprefix("portico/"): hashlib.sha256(content).hexdigest() for key, content in contents.items()}


def test_what_is_not_as_it_was_stored_stays_and_is_named(
    portico: Command, bucket: Bucket, settings: Settings, s3_server: S3Server
) -> None:
    acme = a_customer(a_business("nordlicht"))
    good, torn, lost = [store_file(acme, acme.ref, "a.txt", b"As it was", by=OPERATOR).path for _ in range(3)]
    folder = storages["local"]
    for path in (good, torn):
        with bucket.open(path) as content:
            folder.save(path, content)
    Path(folder.path(torn)).write_bytes(b"As it is")
    for path in (torn, lost):
        bucket.delete(path)
    # What is half there is from a move that was ended, and no good.
    s3_server.client.put_object(Bucket=bucket.bucket_name, Key=f"portico/{good}", Body=b"As i")
    done = portico("files", "move", "--to", "s3")
    assert (done.status, done.out) == (1, "1 files moved to s3, 9 bytes.\n")
    assert set(done.err.splitlines()) == {
        f"{torn}: its content is not what was stored.",
        f"{lost}: it is in neither place.",
    }
    assert folder.exists(torn)
    assert not folder.exists(good)
    with bucket.open(good) as content:
        assert content.read() == b"As it was"


def test_files_move_to_where_new_ones_go(portico: Command, bucket: Bucket) -> None:
    assert portico("files", "move", "--to", "local").refusal == (
        "New files are kept in s3: set PORTICO_FILES=local first, and restart every server."
    )


def test_without_a_bucket_there_is_nothing_to_move(portico: Command) -> None:
    assert portico("files", "move", "--to", "s3").refusal.startswith("PORTICO_S3_BUCKET names no bucket")


def test_a_server_does_not_start_with_a_bucket_it_can_never_use(program: Command, s3_server: S3Server) -> None:
    settings = s3_server.environment("no-such-bucket") | {"PORTICO_FILES": "s3"}
    assert program("serve", **settings).refusal == "There is no bucket of the name in PORTICO_S3_BUCKET."
    assert program("worker", PORTICO_FILES="cloud").refusal == "PORTICO_FILES must be local or s3, not 'cloud'."


_GOOD = {"PORTICO_S3_BUCKET": "files", "PORTICO_S3_ACCESS_KEY": "AKIA1", "PORTICO_S3_SECRET_KEY": "hush"}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"PORTICO_S3_BUCKET": ""}, "PORTICO_S3_BUCKET"),
        ({"PORTICO_S3_BUCKET": "My Bucket"}, "PORTICO_S3_BUCKET"),
        ({"PORTICO_S3_ENDPOINT": "minio:9000"}, "PORTICO_S3_ENDPOINT"),
        ({"PORTICO_S3_ENDPOINT": "https://user:pw@minio"}, "PORTICO_S3_ENDPOINT"),
        ({"PORTICO_S3_ENDPOINT": "https://minio/bucket"}, "PORTICO_S3_ENDPOINT"),
        ({"PORTICO_S3_ENDPOINT": "https://minio:port"}, "PORTICO_S3_ENDPOINT"),
        ({"PORTICO_S3_REGION": "eu central"}, "PORTICO_S3_REGION"),
        ({"PORTICO_S3_ACCESS_KEY": ""}, "PORTICO_S3_ACCESS_KEY"),
        ({"PORTICO_S3_PREFIX": "../other"}, "PORTICO_S3_PREFIX"),
    ],
)
def test_settings_that_make_no_sense_stop_the_start(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(SystemExit) as refused:
        file_storages("s3", Path("files"), _GOOD | wrong)
    assert named in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_bucket_takes_new_files_only_when_it_is_told_to() -> None:
    assert place_of_new_files({}) == "local"
    assert file_storages("local", Path("files"), {}).keys() == {"default"}
    assert file_storages("local", Path("files"), _GOOD)["default"]["OPTIONS"] == {"first": "local", "second": "s3"}
    made = file_storages("s3", Path("files"), _GOOD | {"PORTICO_S3_PREFIX": "/a/b/"})
    assert made["default"]["OPTIONS"] == {"first": "s3", "second": "local"}
    assert made["s3"]["OPTIONS"]["location"] == "a/b"
