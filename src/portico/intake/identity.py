"""Who a buyer is: keys by which the same buyer is known again, and the rule that compares them.

Buyers write themselves differently from file to file, and different buyers share names, mailboxes, addresses and even
VAT ids. Putting two of them into one account would show one the invoices of the other, so the rule leans to distinctive
apart:

1. Two are surely different when each has an identifier of the same kind and scheme and none is the same (VAT id, tax
   number, legal registration, party identification), or when their electronic addresses of one scheme differ at all.
2. Otherwise a shared identifier of a known scheme makes them one: VAT id, tax number, a registration or identification
   with its scheme (GLN, DUNS, organisation number), or an electronic address that is not an e-mail address.
3. Otherwise two that share a name or an identifier of a known scheme are one by an identifier without a scheme, such as
   a seller's own customer number, or by the e-mail address that invoices go to.
4. Otherwise they are one by the same name and a shared identifier, the same postal address or mailbox, but only where
   nobody else has both: the one customer that has them, or the one among them that is known by the same kinds of
   identifiers as the buyer.

What is shared by two that are surely different, as branches share a VAT id, makes nobody one by rules 2 and 3. When
several customers fit by these, the one that shares most with the buyer is taken, then the oldest.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import combinations

from portico.intake.parsed import Identifier, ParsedAddress, ParsedParty

type Keys = frozenset[str]

_IDENTIFIERS = ("vat:", "tax:", "legal/", "id/")
# A buyer has one electronic address for each scheme. `mailbox` is an e-mail address to the letter, of which the key
# `endpoint/em` has the letters and digits alone.
_ELECTRONIC = ("endpoint/", "mailbox:")
_MAIL = "endpoint/em:"
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
    """Return the keys of a customer by what its own record says, from whichever source."""
    is_vat = bool(_VAT_ID.fullmatch(_plain(tax_id).upper()))
    return _keys(
        name=name,
        address=address,
        vat_ids=[tax_id] if is_vat else [],
        tax_numbers=[] if is_vat else [tax_id],
        legal_ids=[Identifier(registration_number)],
        identifiers=[],
        endpoints=[],
        mail=email,
    )


def same_electronic_address(first: Identifier, second: Identifier) -> bool:
    """Tell whether two electronic addresses of one scheme are the same, however they are spelled."""
    return _electronic_keys(first) == _electronic_keys(second)


def are_different(first: Keys, second: Keys) -> bool:
    """Tell whether an identifier or an electronic address speaks against the two being one (rule 1)."""
    mine, other = _by_kind(first, _ELECTRONIC), _by_kind(second, _ELECTRONIC)
    return any(mine[kind] != other[kind] for kind in mine.keys() & other.keys()) or _identified_apart(first, second)


def _identified_apart(first: Keys, second: Keys) -> bool:
    mine, other = _by_kind(first, _IDENTIFIERS), _by_kind(second, _IDENTIFIERS)
    return any(mine[kind].isdisjoint(other[kind]) for kind in mine.keys() & other.keys())


def choose[T](buyer: Keys, candidates: Sequence[tuple[T, Keys]]) -> T | None:
    """Return the candidate that is the buyer, by the rule above, or None. Candidates come oldest first."""
    possible = [(row, keys) for row, keys in candidates if not are_different(buyer, keys)]
    distinctive = buyer - _shared_by_others(buyer, [keys for _, keys in candidates])
    for is_match in (_share_identifier, _share_number):
        found = [(row, keys) for row, keys in possible if is_match(buyer, keys, distinctive)]
        if found:
            return max(found, key=lambda pair: len(buyer & pair[1]))[0]
    for have_both in (_share_name_and_identifier, _share_name_and_place):
        alike = [(row, keys) for row, keys in candidates if have_both(buyer, keys)]
        if len(alike) > 1:
            kinds = _by_kind(buyer).keys()
            alike = [(row, keys) for row, keys in alike if _by_kind(keys).keys() == kinds]
        if len(alike) == 1 and not are_different(buyer, alike[0][1]):
            return alike[0][0]
    return None


def _shared_by_others(buyer: Keys, others: Sequence[Keys]) -> Keys:
    """Return those of the buyer's keys that two hold who are surely different; the buyer is one of the holders.

    An electronic address still tells who its holder is when a customer by mistake has two of them.
    """
    found = set()
    for key in buyer:
        differ = _identified_apart if key.startswith(_ELECTRONIC) else are_different
        holders = [buyer, *(keys for keys in others if key in keys)]
        if any(differ(*pair) for pair in combinations(holders, 2)):
            found.add(key)
    return frozenset(found)


def _share_identifier(first: Keys, second: Keys, distinctive: Keys) -> bool:
    return any(_is_strong(key) for key in first & second & distinctive)


def _share_number(first: Keys, second: Keys, distinctive: Keys) -> bool:
    shared = first & second
    is_alike = _share_name(first, second) or any(_is_strong(key) for key in shared)
    return is_alike and any(key.startswith((*_IDENTIFIERS, _MAIL)) for key in shared & distinctive)


def _share_name_and_identifier(first: Keys, second: Keys) -> bool:
    return _share_name(first, second) and any(key.startswith(_IDENTIFIERS) for key in first & second)


def _share_name_and_place(first: Keys, second: Keys) -> bool:
    return _share_name(first, second) and not _places(first).isdisjoint(_places(second))


def _share_name(first: Keys, second: Keys) -> bool:
    return any(key.startswith("name:") for key in first & second)


def _places(keys: Keys) -> set[str]:
    """Where somebody gets letters and mail; a customer's own e-mail address counts as its file's would."""
    return {key.replace(_MAIL, "mail:") for key in keys if key.startswith(("address:", "endpoint/", "mail:"))}


def _keys(
    *,
    name: str,
    address: ParsedAddress,
    vat_ids: Iterable[str],
    tax_numbers: Iterable[str],
    legal_ids: Iterable[Identifier | None],
    identifiers: Iterable[Identifier],
    endpoints: Iterable[Identifier | None],
    mail: str = "",
) -> Keys:
    found = [
        ("name", name),
        *(("vat", value) for value in vat_ids),
        *(("tax", value) for value in tax_numbers),
        *((f"legal/{_token(entry.scheme)}", entry.value) for entry in legal_ids if entry),
        *((f"id/{_token(entry.scheme)}", entry.value) for entry in identifiers),
        ("mail", mail),
    ]
    keys = {f"{kind}:{_token(value)}" for kind, value in found if _plain(value)}
    keys.update(*(_electronic_keys(entry) for entry in endpoints if entry))
    place = "|".join(
        _plain(part) for part in (address.line1, address.line2, address.postal_code, address.city, address.country)
    )
    # A country alone is no address.
    if _plain(address.city + address.line1 + address.postal_code):
        keys.add(f"address:{_digest(place)}")
    return frozenset(keys)


def _electronic_keys(entry: Identifier) -> set[str]:
    if not _plain(entry.value):
        return set()
    keys = {f"endpoint/{_token(entry.scheme)}:{_token(entry.value)}"}
    if _plain(entry.scheme) == _plain(_EMAIL_SCHEME):
        keys.add(f"mailbox:{_digest(entry.value.strip().casefold())}")
    return keys


def _by_kind(keys: Keys, prefixes: tuple[str, ...] = (*_IDENTIFIERS, *_ELECTRONIC)) -> dict[str, set[str]]:
    """Return the keys that may tell two apart, by kind and scheme."""
    kinds: dict[str, set[str]] = {}
    for key in keys:
        if key.startswith(prefixes):
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
