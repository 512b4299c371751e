"""Answers requests with Granian, and keeps the worker and the scheduler running beside it, in one process group."""

import errno
import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import current_process, get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from time import monotonic
from typing import IO, Any

import click
from django.conf import settings
from django.db import connection
from django.urls import get_resolver
from django.utils import translation
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portico.config.background import work
from portico.config.certificates import Certificate
from portico.config.home import claim_served_url, served_url, store_served_url
from portico.config.restarts import Backoff
from portico.domain.businesses.actions.begin_epoch import begin_epoch
from portico.lib.clock import today
from portico.web.shared.page import load_templates, reader_formatter
from portico.web.shared.sites import PORTAL_URLCONF

_APPLICATION = "portico.config.wsgi.application"

# How long requests and tasks under way may take to finish when the program is asked to stop, in seconds.
_GRACE = 10

_logger = logging.getLogger(__name__)


def serve(
    host: str,
    port: int,
    *,
    access_log: bool,
    announce: Callable[[], None],
    certificate: Certificate | None = None,
    note: IO[str] | None = None,
) -> None:
    """Answer at `host` and `port` until SIGTERM or SIGINT. `announce` is called once requests are accepted.

    With a certificate it answers in TLS, 1.2 or newer. `note` is what `claim_home` returned, if it was called before.
    Raises ClickException when the address or the home can't be had.
    """
    address = listen_address(host, port)
    note = _with_links_here(port, note)
    application = _loaded()
    begin_epoch()
    _let_go_of_database()
    server = _Server(
        _APPLICATION,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.PORTICO_WORKERS,
        blocking_threads=settings.PORTICO_THREADS,
        websockets=False,
        # Its warnings are advice on how many threads there are.
        log_level=LogLevels.error,
        log_dictconfig=_logging(),
        log_access=access_log,
        log_access_format='%(time)s %(addr)s "%(method)s %(path)s" %(status)d %(dt_ms).0f ms',
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
        **certificate.as_options() if certificate else {},
    )
    Companion().accompany(server)
    server.on_startup(lambda: _once_open(address, port, announce))
    if certificate:
        # Web processes read the files when they start.
        server.on_startup(lambda: certificate.watch(lambda: os.kill(os.getpid(), signal.SIGHUP)))
    # What is loaded by now stays shared with the processes to be started: a collection would touch and copy it all.
    gc.collect()
    gc.freeze()
    server.serve(target_loader=_Loader(application, os.getpid()), wrap_loader=False)


class _Server(Granian):  # type: ignore[misc,valid-type]  # which class it is depends on the build of Python
    """Granian that starts web processes again however often they die. Its own rule ends the server at the second."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._backoff = Backoff()

    def _respawn_workers(self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        if delay:
            # Asked for by SIGHUP: they are alive, and replaced one after the other.
            super()._respawn_workers(workers, spawn_target, target_loader, delay)
            return
        # Not `workers`: one that dies while Granian empties its list of deaths would be forgotten.
        for dead in [process for process in self.wrks if not process.is_alive()]:
            wait = self._backoff.died()
            status = dead.inner.exitcode
            _logger.error("Web process %d ended with status %s; starting it again in %.1f s.", dead._id(), status, wait)
            if not self._waited(wait):
                break
            super()._respawn_workers([dead.idx], spawn_target, target_loader)
        # What it takes for a crash loop.
        self.respawned_wrks.clear()

    def _waited(self, seconds: float) -> bool:
        """Wait, and tell whether the server is still to run."""
        pause, until = threading.Event(), monotonic() + seconds
        while not self.interrupt_signal and monotonic() < until:
            pause.wait(0.05)
        return not self.interrupt_signal


def _loaded() -> Callable[..., Any]:
    """Return the application with what its pages need, for the processes to be started to share."""
    for addresses in (settings.ROOT_URLCONF, PORTAL_URLCONF):
        assert get_resolver(addresses).url_patterns
    load_templates("portal/", "layouts/", "macros/")
    # A process loads another language when somebody reads it: all of them would make the start a second longer.
    with translation.override(settings.LANGUAGE_CODE):
        reader_formatter().money(0, "EUR")
        reader_formatter().date(today("UTC"))
    application: Callable[..., Any] = import_string(_APPLICATION)
    return application


def _once_open(address: str, port: int, announce: Callable[[], None]) -> None:
    """Announce the server once it takes connections: Granian says it has started before its processes listen."""

    def wait() -> None:
        pause = threading.Event()
        while True:
            try:
                socket.create_connection((address, port), timeout=1).close()
            except OSError:
                pause.wait(0.01)
            else:
                return announce()

    threading.Thread(target=wait, name="announce", daemon=True).start()


class Companion:
    """The process of the worker and the scheduler: started again when it ends by itself."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._backoff = Backoff()
        self._process: ForkProcess | None = None
        self._keeper = threading.Thread(target=self._keep, name="companion", daemon=True)

    def accompany(self, server: _Server) -> None:
        """Start and stop with a server."""
        server.on_startup(self.start)
        server.on_shutdown(self.stop)

    def start(self) -> None:
        self._process = _start_worker()
        self._keeper.start()

    def stop(self) -> None:
        self._stopping.set()
        process = self._process
        if process is None:
            return
        process.terminate()
        process.join(_GRACE)
        if process.is_alive():
            process.kill()
            process.join()

    def _keep(self) -> None:
        while self._process is not None:
            self._process.join()
            status = self._process.exitcode
            if self._stopping.is_set():
                return
            wait = self._backoff.died()
            _logger.error("The worker ended with status %s; starting it again in %.1f s.", status, wait)
            if self._stopping.wait(wait):
                return
            self._process = _start_worker()


def _start_worker() -> ForkProcess:
    """Start the worker with what is loaded here: a program of its own would need twice the memory."""
    process = get_context("fork").Process(target=_work, args=[os.getpid()], name="portico-worker")
    process.start()
    return process


def _work(parent: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        # The server's own way to stop is not the worker's.
        signal.signal(number, signal.SIG_DFL)
    # Out of reach of Ctrl-C as well: `Companion.stop` ends it.
    os.setpgid(0, 0)
    with suppress(OSError):
        # What `top` and `ps -o comm` call it, on Linux.
        Path("/proc/self/comm").write_text(current_process().name)
    end_with(parent)
    work()


class _Loader:
    """Gives a web process its application, and has it end when the process that started it is gone."""

    def __init__(self, application: Callable[..., Any], parent: int) -> None:
        self.application = application
        self.parent = parent

    def __call__(self) -> Callable[..., Any]:
        # Out of reach of Ctrl-C, which a terminal sends to its whole group: Granian's process ends this one, and one
        # that is told twice hangs until its time is over.
        os.setpgid(0, 0)
        end_with(self.parent)
        return self.application


def end_with(parent: int) -> None:
    """Stop this process soon after `parent` has died, however that happened: gracefully, or at last by force."""

    def watch() -> None:
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(1)
        os.kill(os.getpid(), signal.SIGTERM)
        pause.wait(_GRACE)
        # Stopping gracefully can hang, and nobody is left who would end this process and free its port.
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def _with_links_here(port: int, note: IO[str] | None) -> IO[str] | None:
    """Have links of this process and of commands beside it lead here; returns what is to be kept open for that."""
    if os.environ.get("PORTICO_BASE_URL"):
        return note
    note = note or claim_home(port)
    settings.PORTICO_BASE_URL = f"http://localhost:{port}"
    store_served_url(note, settings.PORTICO_BASE_URL)
    return note


def claim_home(port: int) -> IO[str]:
    """Return the installation's note of where it is served, for this process alone.

    Raises ClickException where it is served already: the links of both would lead to the one that came last.
    """
    folder = Path(settings.PORTICO_HOME)
    note = claim_served_url(folder)
    if note is None:
        raise click.ClickException(
            f"{folder} is served already, at {served_url(folder)}, and its links would lead to port {port} instead."
            " Stop it first, or set PORTICO_BASE_URL for both, or another PORTICO_HOME."
        )
    return note


def listen_address(host: str, port: int) -> str:
    """Return the numeric address to listen at, after trying it. Raises ClickException with the reason it can't be had.

    Granian shares its port among its processes, so without this a second server would quietly take half the requests.
    """
    try:
        family, kind, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise click.ClickException(f"{host} is no address of this machine.") from None
    with socket.socket(family, kind) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(target)
        except OSError as error:
            raise click.ClickException(_why_not(error, host, port)) from None
    return str(target[0])


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Choose another one with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than you have. Choose one above 1023 with --port."
    return f"{host} is no address of this machine."


def _let_go_of_database() -> None:
    """Close what must not be shared with the processes to be started."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]  # only this database's wrapper has a pool


def _logging() -> dict[str, Any]:
    """Return the product's own logging with Granian's loggers in it."""
    logging: dict[str, Any] = settings.LOGGING
    return {
        **logging,
        "formatters": {**logging["formatters"], "access": {"()": "portico.config.masking.AccessFormatter"}},
        "handlers": {
            **logging["handlers"],
            "access": {"class": "logging.StreamHandler", "formatter": "access", "stream": "ext://sys.stdout"},
        },
        "loggers": {
            **logging["loggers"],
            "_granian": {"level": "ERROR"},
            "granian.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        },
    }
