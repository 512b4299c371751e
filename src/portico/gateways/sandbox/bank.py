"""The sandbox's provider: a bank of its own, with its own database file, that forgets nothing it was asked.

Every charge and refund has the caller's idempotency key: asking again with it answers as the first time. What it does
is decided by the test numbers. Amounts are minor units.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portico.gateways.sandbox.numbers import Behaviour, test_number
from portico.lib.clock import now

# How long a bank debit takes to settle here; a real one takes days.
SETTLES_AFTER = timedelta(seconds=60)
_FINAL = ("succeeded", "failed", "canceled")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS charge (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, account TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, method TEXT NOT NULL, token TEXT NOT NULL DEFAULT '', state TEXT NOT NULL,
    failure_code TEXT NOT NULL DEFAULT '', behaviour TEXT NOT NULL, refunded INTEGER NOT NULL DEFAULT 0,
    return_url TEXT NOT NULL DEFAULT '', webhook_url TEXT NOT NULL, webhook_secret TEXT NOT NULL,
    keeps INTEGER NOT NULL DEFAULT 0, setup INTEGER NOT NULL DEFAULT 0, settles_at TEXT, made_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS method (
    token TEXT PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, brand TEXT NOT NULL, last4 TEXT NOT NULL,
    holder TEXT NOT NULL, expiry TEXT NOT NULL, behaviour TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, charge TEXT NOT NULL, amount INTEGER NOT NULL, state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS dispute (
    id TEXT PRIMARY KEY, charge TEXT NOT NULL UNIQUE, state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS notice (
    id TEXT PRIMARY KEY, charge TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, url TEXT NOT NULL,
    secret TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due_at TEXT NOT NULL, delivered_at TEXT
);
"""

# Once an hour after the first twelve: three days, as real providers do.
_MOST_TRIES = 84


class Bank:
    """A bank in one SQLite file. Each call is one transaction of its own; two processes may share the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._transaction() as database:
            database.executescript(_SCHEMA)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        database.row_factory = sqlite3.Row
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("BEGIN IMMEDIATE")
            yield database
            if database.in_transaction:
                database.execute("COMMIT")
        finally:
            database.close()

    def charge(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Make a charge, or save a method when `setup` is set. `asked` has key, account, amount, currency, method, …"""
        with self._transaction() as database:
            known = database.execute("SELECT * FROM charge WHERE key = ?", [asked["key"]]).fetchone()
            if known is None:
                behaviour, token = self._payer(database, asked)
                state, failure = _first_state(behaviour, asked)
                settles_at = (now() + SETTLES_AFTER).isoformat() if state == "processing" else None
                identity = f"sbx_{secrets.token_hex(12)}"
                database.execute(
                    "INSERT INTO charge (id, key, account, amount, currency, method, token, state, failure_code,"
                    " behaviour, return_url, webhook_url, webhook_secret, keeps, setup, settles_at, made_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        identity, asked["key"], asked["account"], asked["amount"], asked["currency"], asked["method"],
                        token, state, failure, behaviour, asked["return_url"], asked["webhook_url"],
                        asked["webhook_secret"], int(asked["save"]), int(asked["setup"]), settles_at, now().isoformat(),
                    ],
                )  # fmt: skip
                self._notify(database, identity)
            return self._described(database, "key", asked["key"])

    def read(self, *, key: str = "", identity: str = "") -> dict[str, Any] | None:
        """Return a charge by its key or id, or None when it was never asked for."""
        with self._transaction() as database:
            column, value = ("id", identity) if identity else ("key", key)
            row = database.execute(f"SELECT id FROM charge WHERE {column} = ?", [value]).fetchone()  # noqa: S608 - one of two names
            return self._described(database, "id", row["id"]) if row else None

    def move(self, identity: str, state: str, failure: str = "") -> dict[str, Any] | None:
        """Bring an unfinished charge to another state; a finished one stays as it is. None when there is none."""
        with self._transaction() as database:
            row = database.execute("SELECT state FROM charge WHERE id = ?", [identity]).fetchone()
            if row is None:
                return None
            if row["state"] not in _FINAL:
                database.execute(
                    "UPDATE charge SET state = ?, failure_code = ?, settles_at = NULL WHERE id = ?",
                    [state, failure, identity],
                )
                self._notify(database, identity)
            return self._described(database, "id", identity)

    def cancel(self, key: str, account: str) -> dict[str, Any]:
        """Make sure that a charge collects nothing any more, even one that was never asked for."""
        with self._transaction() as database:
            row = database.execute("SELECT id, state FROM charge WHERE key = ?", [key]).fetchone()
            if row is None:
                database.execute(
                    "INSERT INTO charge (id, key, account, amount, currency, method, state, behaviour, webhook_url,"
                    " webhook_secret, made_at) VALUES (?, ?, ?, 0, '', '', 'canceled', '', '', '', ?)",
                    [f"sbx_{secrets.token_hex(12)}", key, account, now().isoformat()],
                )
            elif row["state"] == "requires_action":
                database.execute("UPDATE charge SET state = 'canceled' WHERE id = ?", [row["id"]])
            return self._described(database, "key", key)

    def refund(self, key: str, identity: str, amount: int) -> dict[str, Any]:
        """Give part of a collected charge back: a card's at once, a bank debit's when `settle_due` comes to it."""
        with self._transaction() as database:
            known = database.execute("SELECT * FROM refund WHERE key = ?", [key]).fetchone()
            if known is None:
                charge = database.execute("SELECT * FROM charge WHERE id = ?", [identity]).fetchone()
                fits = charge and charge["state"] == "succeeded" and charge["refunded"] + amount <= charge["amount"]
                state = _refund_state(charge) if fits else "failed"
                if fits:
                    database.execute("UPDATE charge SET refunded = refunded + ? WHERE id = ?", [amount, identity])
                row = [f"sbr_{secrets.token_hex(12)}", key, identity, amount, state]
                database.execute("INSERT INTO refund VALUES (?, ?, ?, ?, ?)", row)
                known = database.execute("SELECT * FROM refund WHERE key = ?", [key]).fetchone()
            return dict(known)

    def read_refund(self, key: str) -> dict[str, Any] | None:
        """Return a refund by its key, or None when it was never asked for."""
        with self._transaction() as database:
            row = database.execute("SELECT * FROM refund WHERE key = ?", [key]).fetchone()
            return dict(row) if row else None

    def dispute(self, identity: str, state: str) -> dict[str, Any] | None:
        """Open a dispute of a collected charge, or decide it: `open`, `withdrawn`, `won` or `lost`."""
        with self._transaction() as database:
            charge = database.execute("SELECT * FROM charge WHERE id = ?", [identity]).fetchone()
            if charge is None or charge["state"] != "succeeded":
                return None
            database.execute(
                "INSERT INTO dispute VALUES (?, ?, ?) ON CONFLICT (charge) DO UPDATE SET state = excluded.state",
                [f"sbd_{secrets.token_hex(12)}", identity, state],
            )
            found = database.execute("SELECT * FROM dispute WHERE charge = ?", [identity]).fetchone()
            self._notify(database, identity, "dispute", {"dispute": found["id"]})
            return dict(found)

    def read_dispute(self, identity: str) -> dict[str, Any] | None:
        """Return a dispute with the amount of its charge, or None when there is none."""
        with self._transaction() as database:
            row = database.execute(
                "SELECT dispute.*, charge.amount FROM dispute JOIN charge ON charge.id = dispute.charge"
                " WHERE dispute.id = ?",
                [identity],
            ).fetchone()
            return dict(row) if row else None

    def remove_method(self, token: str) -> None:
        """Forget a saved method: it can't be charged any more."""
        with self._transaction() as database:
            database.execute("UPDATE method SET removed = 1 WHERE token = ?", [token])

    def settle_due(self) -> list[str]:
        """Settle the bank debits whose time has come, well or badly, and their refunds; returns the debits' ids."""
        with self._transaction() as database:
            due = database.execute(
                "SELECT id, behaviour FROM charge WHERE state = 'processing' AND settles_at <= ?", [now().isoformat()]
            ).fetchall()
            for refund in database.execute("SELECT * FROM refund WHERE state = 'processing'").fetchall():
                database.execute("UPDATE refund SET state = 'succeeded' WHERE id = ?", [refund["id"]])
                self._notify(database, refund["charge"], "refund", {"key": refund["key"]})
        for row in due:
            failed = row["behaviour"] == Behaviour.SETTLE_THEN_FAIL
            self.move(row["id"], "failed" if failed else "succeeded", "debit_returned" if failed else "")
        return [row["id"] for row in due]

    def settle_at(self, identity: str, moment: datetime) -> None:
        """Let an unfinished bank debit settle at another moment."""
        with self._transaction() as database:
            database.execute(
                "UPDATE charge SET settles_at = ? WHERE id = ? AND state = 'processing'", [moment.isoformat(), identity]
            )

    def due_notices(self) -> list[dict[str, Any]]:
        """Return the webhooks that are to be posted now."""
        with self._transaction() as database:
            rows = database.execute(
                "SELECT * FROM notice WHERE delivered_at IS NULL AND tries < ? AND due_at <= ? ORDER BY rowid",
                [_MOST_TRIES, now().isoformat()],
            )
            return [dict(row) for row in rows]

    def noted(self, notice: str, *, delivered: bool) -> None:
        """Note that a webhook was posted, or that it has to be posted again, later each time."""
        with self._transaction() as database:
            if delivered:
                database.execute("UPDATE notice SET delivered_at = ? WHERE id = ?", [now().isoformat(), notice])
                return
            tries = database.execute("SELECT tries FROM notice WHERE id = ?", [notice]).fetchone()["tries"] + 1
            due = now() + timedelta(seconds=min(2**tries, 3600))
            database.execute("UPDATE notice SET tries = ?, due_at = ? WHERE id = ?", [tries, due.isoformat(), notice])

    def charges(self, account: str = "", limit: int = 100) -> list[dict[str, Any]]:
        """Return charges, the newest first; those of one account when it is named."""
        with self._transaction() as database:
            rows = database.execute(
                "SELECT * FROM charge WHERE (? = '' OR account = ?) AND setup = 0 ORDER BY rowid DESC LIMIT ?",
                [account, account, limit],
            )
            return [dict(row) for row in rows]

    def _payer(self, database: sqlite3.Connection, asked: dict[str, Any]) -> tuple[str, str]:
        """Return how the charge behaves and the token of the method: the saved one's, or of what was typed."""
        if asked.get("token"):
            row = database.execute("SELECT * FROM method WHERE token = ? AND removed = 0", [asked["token"]]).fetchone()
            return (row["behaviour"], row["token"]) if row else (Behaviour.UNKNOWN, "")
        details = asked["details"]
        typed = details.get("card_number", "") if asked["method"] == "card" else details.get("iban", "")
        known = test_number(typed, asked["method"])
        token = f"sbm_{secrets.token_hex(12)}"
        holder = details.get("cardholder", "") or details.get("account_holder", "")
        database.execute(
            "INSERT INTO method VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            [
                token, asked["account"], asked["method"], known.brand, known.number[-4:], holder,
                details.get("card_expiry", ""), known.behaviour,
            ],
        )  # fmt: skip
        return known.behaviour, token

    def _notify(
        self, database: sqlite3.Connection, identity: str, kind: str = "charge", about: dict[str, Any] | None = None
    ) -> None:
        charge = database.execute("SELECT * FROM charge WHERE id = ?", [identity]).fetchone()
        notice = f"sbn_{secrets.token_hex(12)}"
        said = {"id": notice, "type": kind, "charge": identity, "key": charge["key"], "account": charge["account"],
                "state": charge["state"]}  # fmt: skip
        database.execute(
            "INSERT INTO notice (id, charge, kind, body, url, secret, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                notice,
                identity,
                kind,
                json.dumps(said | (about or {})),
                charge["webhook_url"],
                charge["webhook_secret"],
                now().isoformat(),
            ],
        )

    @staticmethod
    def _described(database: sqlite3.Connection, column: str, value: str) -> dict[str, Any]:
        charge = dict(database.execute(f"SELECT * FROM charge WHERE {column} = ?", [value]).fetchone())  # noqa: S608 - one of two names
        method = database.execute("SELECT * FROM method WHERE token = ?", [charge["token"]]).fetchone()
        return charge | {"method_details": dict(method) if method else None}


def _refund_state(charge: sqlite3.Row) -> str:
    return "processing" if charge["method"] == "direct_debit" else "succeeded"


def _first_state(behaviour: str, asked: dict[str, Any]) -> tuple[str, str]:
    """Return the state a new charge begins in and, when it failed, why."""
    setup = asked["setup"]
    match behaviour:
        case Behaviour.DECLINE | Behaviour.NO_FUNDS | Behaviour.UNKNOWN:
            return "failed", str(behaviour)
        case Behaviour.CHALLENGE if not asked.get("token"):
            return "requires_action", ""
        case Behaviour.CHALLENGE if asked["off_session"]:
            return "failed", "authentication_required"
        case Behaviour.SAVE_THEN_FAIL if not setup:
            return "failed", "card_declined"
        case Behaviour.SETTLE | Behaviour.SETTLE_THEN_FAIL if not setup:
            return "processing", ""
    return "succeeded", ""
