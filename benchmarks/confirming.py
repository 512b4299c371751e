"""Confirms payments as a provider does: a signed webhook for each, upon which the server asks what became of it."""

import http.client
import json
import statistics
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.figures import Confirmations
from benchmarks.wrk import CONNECTIONS
from portico.gateways.sandbox.signature import signature
from portico.lib.clock import now

# What `benchmarks.unconfirmed` writes into the installation's folder.
NOTICES = "notices.json"


def confirm(host: str, business: str, notices: Path) -> Confirmations:
    """Post every webhook that was written down, over as many connections as pages are measured with."""
    path, found = f"/webhooks/gateways/sandbox/{business}", json.loads(notices.read_text())
    moment = str(int(now().timestamp()))
    sent = [
        (row["body"].encode(), f"t={moment},v1={signature(row['secret'], moment, row['body'].encode())}")
        for row in found
    ]

    def post(one: tuple[bytes, str]) -> float:
        body, signed = one
        before = time.perf_counter()
        status = _status(host, path, body, {"Content-Type": "application/json", "Sandbox-Signature": signed})
        if status != 200:
            raise SystemExit(f"A webhook was answered {status}.")
        return 1000 * (time.perf_counter() - before)

    start = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        times = list(pool.map(post, sent))
    seconds = time.perf_counter() - start
    return Confirmations(len(times), seconds, statistics.median(times), statistics.quantiles(times, n=100)[98])


def _status(host: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("POST", path, body, dict(headers))
    status = connection.getresponse().status
    connection.close()
    return status
