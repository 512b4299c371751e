"""Who a buyer is: keys by which the same buyer is known again, and the rule that compares them.

Buyers write themselves differently from file to file, and different buyers share names, mailboxes and even addresses.
Putting two of them into one account would show one the invoices of the other, so the rule leans to telling apart:

1. Two that have an identifier of the same kind and scheme, but not the same one, are different: VAT id, tax number,
   legal registration, party identification.
2. Otherwise a shared identifier of a known scheme makes them one: VAT id, tax number, a registration or identification
   with its scheme (GLN, DUNS, organisation number), or an electronic address that is not an e-mail address.
3. Otherwise the same name and a shared identifier without a scheme make them one: a seller's own customer number.
4. Otherwise they are one by the same name and the same postal address or mailbox, but only where nobody else has both:
   the one customer that has them, or, for a buyer without identifiers, the one among them without identifiers.

When several customers fit by rule 2 or 3, the one that shares most with the buyer is taken, then the oldest.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from portico.intake.parsed import Identifier, ParsedAddress, ParsedParty

type Keys = frozenset[str]

_IDENTIFIERS = ("vat:", "tax:", "legal/", "id/")
_PLACES = ("address:", "endpoint/")
_EMAIL_SCHEME = "EM"
_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z]{2,}")


def keys_of_buyer(buyer: ParsedParty) -> Keys:
    """Return a buyer's keys: `vat:DE123456789`, `id/0088:7300010000001`, `name:acmegmbh` …"""
    return _keys(
        name=buyer.name,
        address=buyer.address,
        vat_ids=[buyer.vat_id],
        tax_numbers=[buyer.tax_number],
        legal_ids=[buyer.legal_id],
        identifiers=buyer.identifiers,
        endpoints=[buyer.endpoint],
    )


def keys_of_record(*, name: str, email: str, tax_id: str, registration_number: str, address: ParsedAddress) -> Keys:
    """Return the keys of a customer by what its own record says, whoever wrote it."""
    is_vat = bool(_VAT_ID.fullmatch(_plain(tax_id).upper()))
    return _keys(
        name=name,
        address=address,
        vat_ids=[tax_id] if is_vat else [],
        tax_numbers=[] if is_vat else [tax_id],
        legal_ids=[Identifier(registration_number)],
        identifiers=[],
        endpoints=[Identifier(email, _EMAIL_SCHEME)],
    )


def are_different(first: Keys, second: Keys) -> bool:
    """Tell whether some kind of identifier speaks against the two being one (rule 1)."""
    mine, other = _by_kind(first), _by_kind(second)
    return any(mine[kind].isdisjoint(other[kind]) for kind in mine.keys() & other.keys())


def choose[T](buyer: Keys, candidates: Sequence[tuple[T, Keys]]) -> T | None:
    """Return the candidate that is the buyer, by the rule above, or None. Candidates come oldest first."""
    possible = [(row, keys) for row, keys in candidates if not are_different(buyer, keys)]
    for is_match in (_share_identifier, _share_number):
        found = [(row, keys) for row, keys in possible if is_match(buyer, keys)]
        if found:
            return max(found, key=lambda pair: len(buyer & pair[1]))[0]
    twins = [(row, keys) for row, keys in candidates if _share_name_and_place(buyer, keys)]
    if not _identifiers(buyer):
        anonymous = [(row, keys) for row, keys in twins if not _identifiers(keys)]
        twins = anonymous or twins
    if len(twins) != 1 or are_different(buyer, twins[0][1]):
        return None
    return twins[0][0]


def _share_identifier(first: Keys, second: Keys) -> bool:
    return any(_is_strong(key) for key in first & second)


def _share_number(first: Keys, second: Keys) -> bool:
    return _share_name(first, second) and bool(_identifiers(first & second))


def _share_name_and_place(first: Keys, second: Keys) -> bool:
    return _share_name(first, second) and any(key.startswith(_PLACES) for key in first & second)


def _share_name(first: Keys, second: Keys) -> bool:
    return any(key.startswith("name:") for key in first & second)


def _identifiers(keys: Keys) -> list[str]:
    return [key for key in keys if key.startswith(_IDENTIFIERS)]


def _keys(
    *,
    name: str,
    address: ParsedAddress,
    vat_ids: Iterable[str],
    tax_numbers: Iterable[str],
    legal_ids: Iterable[Identifier | None],
    identifiers: Iterable[Identifier],
    endpoints: Iterable[Identifier | None],
) -> Keys:
    found = [
        ("name", name),
        *(("vat", value) for value in vat_ids),
        *(("tax", value) for value in tax_numbers),
        *((f"legal/{_token(entry.scheme)}", entry.value) for entry in legal_ids if entry),
        *((f"id/{_token(entry.scheme)}", entry.value) for entry in identifiers),
        *((f"endpoint/{_token(entry.scheme)}", entry.value) for entry in endpoints if entry),
    ]
    keys = {f"{kind}:{_token(value)}" for kind, value in found if _plain(value)}
    place = "|".join(
        _plain(part) for part in (address.line1, address.line2, address.postal_code, address.city, address.country)
    )
    # A country alone is no address.
    if _plain(address.city + address.line1 + address.postal_code):
        keys.add(f"address:{_digest(place)}")
    return frozenset(keys)


def _by_kind(keys: Keys) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for key in _identifiers(keys):
        kinds.setdefault(key.partition(":")[0], set()).add(key)
    return kinds


def _is_strong(key: str) -> bool:
    kind, _, scheme = key.partition(":")[0].partition("/")
    if kind in {"vat", "tax"}:
        return True
    return kind in {"legal", "id", "endpoint"} and scheme not in {"", _token(_EMAIL_SCHEME)}


def _plain(text: str) -> str:
    """A text without case, spaces and punctuation, so that spelling does not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _token(text: str) -> str:
    """A key's part as it is stored: short and ASCII, so that it reads and searches alike in every database."""
    plain = _plain(text)
    return plain if plain.isascii() and len(plain) <= 40 else _digest(plain)


def _digest(text: str) -> str:
    return "x" + hashlib.sha256(text.encode()).hexdigest()[:24]
