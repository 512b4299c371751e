"""A name server on this machine for tests of businesses' own domains: it knows what a test enters."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """Answers over UDP. `records` has texts by name and type; a name in `silent` gets a server failure."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.silent: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def enter(self, name: str, kind: str, *values: str) -> None:
        """Set the records of one type of a name; none removes them."""
        self.records[name, kind] = list(values)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        # A message that is none ends the thread.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, sender = self._socket.recvfrom(4096)
            if not wire:
                return
            self._socket.sendto(self._answer(dns.message.from_wire(wire)).to_wire(), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name in self.silent:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer
        alias = self.records.get((name, "CNAME"))
        if alias and kind != "CNAME":
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "CNAME", alias[0]))
            name = alias[0].removesuffix(".")
        values = self.records.get((name, kind))
        if values:
            owner = dns.name.from_text(name)
            answer.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, *values))
        elif not any(known == name and held for (known, _), held in self.records.items()):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Run a name server while the block runs."""
    server = NameServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
