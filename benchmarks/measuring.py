"""Measures one filled installation: its pages beside their floors, its PDFs, start and memory; or its export."""

import json
import pickle
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.confirming import NOTICES, confirm
from benchmarks.databases import Environment
from benchmarks.datasets import BIG, HUGE, REGULAR, DataSet
from benchmarks.exports import Export, export
from benchmarks.figures import Confirmations, Figures, FirstLoad, PageFigures, PdfFigures, Plain
from benchmarks.pages import PAGES, Page, invoice
from benchmarks.serving import Served, floor, plain, portico
from benchmarks.visiting import Visitor, loaded_with, sign_in, text_of
from benchmarks.wrk import CONNECTIONS, Load, drive, ratios

BUSINESS = "bench-1"
_PORTAL = f"/portal/{BUSINESS}/"
_LIST = f"{_PORTAL}activity/invoices"
_PDF = re.compile(r"/portal/[\w-]+/invoices/inv_[0-9a-z]{26}\.pdf")
_BROWSER = {"Accept-Encoding": "gzip, br"}

# As many as reach every web process.
_WARM_EXPORTS = 6

# Which pages of which customer are looked at, where a data set has the customer.
_LOOKED_AT = {
    REGULAR: {"home", "Activity", "invoice", "statement", "pay"},
    BIG: {"home", "Activity", "invoice", "pay"},
    HUGE: {"statement"},
}


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: seconds of each run, how many runs of a page, how many PDFs, how many confirmations."""

    seconds: float
    runs: int
    pdfs: int
    confirmations: int


@dataclass(frozen=True, slots=True)
class _Look:
    """A page of one customer, and where it is in the product and at the floor."""

    customer: str
    visitor: Visitor
    page: Page
    path: str

    @property
    def floor_path(self) -> str:
        return f"/{self.customer}{self.path}"


class Measuring:
    """One data set on one database, in the installation that `environment` names. `folder` is for notes on the way."""

    def __init__(
        self, data_set: DataSet, database: str, environment: Environment, folder: Path, effort: Effort
    ) -> None:
        self.data_set = data_set
        self.database = database
        self.environment = environment
        self.folder = folder
        self.effort = effort

    def pages(self) -> Figures:
        """Measure the pages and what belongs to them."""
        with portico(self.environment, self.folder / "serve.log") as server:
            idle = server.megabytes()
            looks = self._looks(server)
            queries = self._recorded(looks)
            pages = self._page_figures(server, looks, queries)
            busy = server.megabytes()
            visitor = looks[0].visitor
            beside_plain = self._plain(server, visitor)
            return Figures(
                self.data_set.name,
                self.database,
                bare=self._bare(),
                pages=pages,
                plain=beside_plain,
                pdfs=self._pdfs(server, visitor),
                confirmations=self._confirmations(server),
                first_load=_first_load(visitor),
                started_in=server.started_in,
                idle=idle,
                busy=busy,
            )

    def export(self) -> Export:
        """Measure the export of everything a customer has, by processes that have exported before."""
        with portico(self.environment, self.folder / "serve.log") as server:
            visitor = sign_in(server.host, self.environment, REGULAR, BUSINESS)
            for _ in range(_WARM_EXPORTS):
                export(server, visitor, f"{_LIST}.csv?q=INV-0001")
            return export(server, visitor, f"{_LIST}.csv")

    def _looks(self, server: Served) -> list[_Look]:
        looks = []
        for customer, names in _LOOKED_AT.items():
            if customer in self.data_set.named:
                visitor = sign_in(server.host, self.environment, customer, BUSINESS)
                wanted = (page for page in PAGES if page.name in names)
                looks += [_Look(customer, visitor, page, page.address(visitor, _PORTAL)) for page in wanted]
        return looks

    def _recorded(self, looks: list[_Look]) -> dict[str, tuple[int, int]]:
        """Have the queries of every page written down for the floor; returns how many a first visit and the next ask.

        The floor runs those of the first: what the product remembers between visits is its own merit.
        """
        known, counts = {}, {}
        for look in looks:
            out = self.folder / "page.pickle"
            _python("benchmarks.queries", str(out), look.path, cookie=look.visitor.headers(), base=self.environment)
            first, following = pickle.loads(out.read_bytes())  # noqa: S301  # written just now, by ourselves
            known[look.floor_path] = first
            counts[look.floor_path] = len(first[0]), len(following[0])
        (self.folder / "pages.pickle").write_bytes(pickle.dumps(known))
        return counts

    def _page_figures(
        self, server: Served, looks: list[_Look], queries: Mapping[str, tuple[int, int]]
    ) -> list[PageFigures]:
        recorded = {**self.environment, "BENCHMARK_PAGES": str(self.folder / "pages.pickle")}
        with floor("asking", recorded, self.folder / "floor.log") as asking:
            return [self._page(server, asking, look, queries[look.floor_path]) for look in looks]

    def _page(self, server: Served, asking: Served, look: _Look, queries: tuple[int, int]) -> PageFigures:
        seconds, headers = self.effort.seconds, look.visitor.headers() | _BROWSER
        answer = look.visitor.get(look.path)
        address = f"http://{server.host}{look.path}"
        tag = answer.headers.get("etag")
        unchanged = headers | {"If-None-Match": tag or ""}
        return PageFigures(
            look.page.name,
            look.customer,
            look.page.budget,
            anew=drive(address, headers, seconds=seconds, runs=self.effort.runs),
            unchanged=drive(address, unchanged, seconds=seconds, runs=self.effort.runs) if tag else None,
            asking=drive(f"http://{asking.host}{look.floor_path}", {}, seconds=seconds, runs=1),
            queries=queries,
            size=len(text_of(look.visitor, look.path).encode()),
            compressed=answer.compressed,
        )

    def _plain(self, server: Served, visitor: Visitor) -> Plain:
        session = _python("benchmarks.plain.session", REGULAR, base=self.environment).strip()
        with plain(self.environment, self.folder / "plain.log") as other:
            customer = Visitor(other.host, {"sessionid": session})
            ours = (f"http://{server.host}{_LIST}", visitor.headers() | _BROWSER)
            found = ratios(
                ours,
                (f"http://{other.host}/invoices", customer.headers() | _BROWSER),
                seconds=self.effort.seconds,
                rounds=max(3, self.effort.runs),
            )
            return Plain(found, len(text_of(customer, "/invoices").encode()), len(text_of(visitor, _LIST).encode()))

    def _confirmations(self, server: Served) -> Confirmations:
        """Post a webhook for each of many payments that were made beforehand, which is not measured."""
        _python("benchmarks.unconfirmed", str(self.effort.confirmations), BUSINESS, base=self.environment)
        return confirm(server.host, BUSINESS, Path(self.environment["PORTICO_HOME"]) / NOTICES)

    def _bare(self) -> Load:
        with floor("bare", self.environment, self.folder / "floor.log") as bare:
            return drive(f"http://{bare.host}/", {}, seconds=self.effort.seconds, runs=1)

    def _pdfs(self, server: Served, visitor: Visitor) -> PdfFigures:
        facts = json.loads(_python("benchmarks.pdfs", str(self.effort.pdfs), BUSINESS, base=self.environment))
        shutil.rmtree(Path(self.environment["PORTICO_HOME"]) / "cache" / "pdf", ignore_errors=True)
        paths = _pdf_paths(visitor, self.effort.pdfs)
        start = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            statuses = set(pool.map(lambda path: visitor.get(path).status, paths))
        seconds = time.perf_counter() - start
        if statuses != {200}:
            raise SystemExit(f"PDFs were answered {statuses}.")
        kept = f"http://{server.host}{invoice(visitor, _PORTAL)}.pdf"
        return PdfFigures(
            wall={1: facts["wall_1"], 2: facts["wall_2"]},
            processor={1: facts["processor_1"], 2: facts["processor_2"]},
            size={1: facts["bytes_1"], 2: facts["bytes_2"]},
            fresh=len(paths) / seconds,
            kept=drive(kept, visitor.headers(), seconds=self.effort.seconds, runs=1),
        )


def _pdf_paths(visitor: Visitor, count: int) -> list[str]:
    """Return the paths of a customer's newest PDFs, read off its pages."""
    found: dict[str, None] = {}
    for number in range(1, count // 20 + 2):
        found |= dict.fromkeys(_PDF.findall(text_of(visitor, f"{_LIST}?page={number}")))
    return list(found)[:count]


def _first_load(visitor: Visitor) -> FirstLoad:
    parts = loaded_with(visitor, _LIST)
    assets = sum(visitor.get(part).compressed for part in parts)
    return FirstLoad(visitor.get(_LIST).compressed + assets, assets, 1 + len(parts))


def _python(module: str, *arguments: str, base: Environment, cookie: Mapping[str, str] | None = None) -> str:
    """Run a module with an installation's environment and return what it prints."""
    environment = base | {name.upper(): value for name, value in (cookie or {}).items()}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{module} failed:\n{done.stderr[-3000:]}")
    return done.stdout
