"""Which buyers are one, and which only look alike."""

from typing import Any

import pytest

from portico.intake.identity import Keys, choose, keys_of_buyer, keys_of_record
from portico.intake.parsed import Identifier, ParsedAddress, ParsedParty

BERGEN = ParsedAddress(line1="Bryggen 9", postal_code="5003", city="Bergen", country="NO")


def buyer(
    name: str = "Fjord AS",
    *,
    address: ParsedAddress = BERGEN,
    vat: str = "",
    tax: str = "",
    legal: Identifier | None = None,
    ids: tuple[Identifier, ...] = (),
    endpoint: Identifier | None = None,
) -> Keys:
    return keys_of_buyer(
        ParsedParty(
            name, address=address, vat_id=vat, tax_number=tax, legal_id=legal, identifiers=ids, endpoint=endpoint
        )
    )


def match(incoming: Keys, *known: Keys) -> int | None:
    return choose(incoming, list(enumerate(known)))


def test_the_same_buyer_is_known_again_however_it_is_spelled() -> None:
    assert match(buyer(), buyer()) == 0
    spelled = ParsedAddress(line1="BRYGGEN  9", postal_code="5003", city="bergen", country="NO")
    assert match(buyer("FJORD A.S.", address=spelled), buyer()) == 0


def test_a_name_alone_is_nobody() -> None:
    nowhere = ParsedAddress(country="NO")
    assert match(buyer(address=nowhere), buyer()) is None
    assert match(buyer(address=nowhere), buyer(address=nowhere)) is None
    oslo = ParsedAddress(line1="Karl Johans gate 1", city="Oslo")
    assert match(buyer(address=oslo), buyer()) is None


def test_different_identifiers_part_even_what_else_is_the_same() -> None:
    mailbox = Identifier("ap@fjord.example", "EM")
    first = buyer(ids=(Identifier("K-1"),), endpoint=mailbox)
    second = buyer(ids=(Identifier("K-2"),), endpoint=mailbox)
    assert match(second, first) is None
    assert match(buyer(vat="NO1"), buyer(vat="NO2")) is None
    assert match(buyer(vat="NO1", ids=(Identifier("K-1"),)), buyer(vat="NO1", ids=(Identifier("K-2"),))) is None


def test_a_shared_identifier_of_a_scheme_joins_other_names() -> None:
    gln = (Identifier("7300010000001", "0088"),)
    assert match(buyer("Fjord Holding", ids=gln), buyer(ids=gln)) == 0
    assert match(buyer("Fjord Holding", vat="NO 987 654 321 MVA"), buyer(vat="NO987654321MVA")) == 0
    peppol = Identifier("987654321", "0192")
    assert match(buyer("Fjord Holding", endpoint=peppol), buyer(endpoint=peppol)) == 0


def test_a_mailbox_or_number_without_a_scheme_joins_only_the_same_name() -> None:
    mailbox = Identifier("ap@group.example", "EM")
    assert match(buyer("Kunde 1", endpoint=mailbox, address=ParsedAddress()), buyer(endpoint=mailbox)) is None
    assert match(buyer(endpoint=mailbox, address=ParsedAddress()), buyer(endpoint=mailbox)) == 0
    number = (Identifier("10099"),)
    assert match(buyer("Kunde 1", ids=number), buyer(ids=number)) is None
    assert match(buyer(ids=number, address=ParsedAddress()), buyer(ids=number)) == 0


def test_a_buyer_without_identifiers_is_not_guessed_among_several() -> None:
    first, second = buyer(ids=(Identifier("K-1"),)), buyer(ids=(Identifier("K-2"),))
    assert match(buyer(), first) == 0
    assert match(buyer(), first, second) is None
    assert match(buyer(), first, buyer(), second) == 1


def test_a_new_identifier_is_not_given_to_a_namesake() -> None:
    newcomer = buyer(ids=(Identifier("K-3"),))
    assert match(newcomer, buyer()) == 0
    assert match(newcomer, buyer(), buyer(ids=(Identifier("K-1"),))) is None


def test_the_one_that_shares_most_wins_then_the_oldest() -> None:
    vat = "NO987654321"
    assert match(buyer(vat=vat), buyer("Fjord Holding", vat=vat), buyer(vat=vat)) == 1
    assert match(buyer(vat=vat), buyer(vat=vat), buyer(vat=vat)) == 0


def test_a_record_made_by_hand_is_found_by_what_it_says() -> None:
    record = keys_of_record(
        name="Fjord AS", email="ap@fjord.example", tax_id="NO 987654321", registration_number="HRB 1", address=BERGEN
    )
    assert match(buyer("Fjord Holding", vat="NO987654321"), record) == 0
    assert match(buyer(legal=Identifier("HRB 1"), address=ParsedAddress()), record) == 0
    assert match(buyer(endpoint=Identifier("AP@fjord.example", "EM"), address=ParsedAddress()), record) == 0
    assert match(buyer(vat="NO111111111"), record) is None


def gln(number: str) -> Identifier:
    return Identifier(number, "0088")


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        (gln("4012345000005"), gln("4012345000012")),
        (Identifier("ap@fjord.example", "EM"), Identifier("invoices@fjord.example", "EM")),
        (Identifier("ap-1@fjord.example", "EM"), Identifier("ap1@fjord.example", "em")),
    ],
)
def test_electronic_addresses_of_one_scheme_part_whatever_else_is_the_same(mine: Identifier, other: Identifier) -> None:
    same: dict[str, Any] = {
        "vat": "NO1",
        "tax": "7",
        "legal": Identifier("HRB 1", "0204"),
        "ids": (Identifier("K-1"), gln("9")),
    }
    assert match(buyer(endpoint=mine, **same), buyer(endpoint=other, **same)) is None
    assert match(buyer(endpoint=mine, **same), buyer(endpoint=other, **same), buyer(endpoint=mine, **same)) == 1
    assert match(buyer(endpoint=mine), buyer(endpoint=other)) is None
    assert match(buyer(endpoint=mine), buyer(endpoint=other), buyer(endpoint=mine)) == 1


def test_electronic_addresses_of_different_schemes_say_nothing_of_each_other() -> None:
    mailbox = Identifier("ap@fjord.example", "EM")
    assert match(buyer(vat="NO1", endpoint=mailbox), buyer("Fjord Holding", vat="NO1", endpoint=gln("5"))) == 0
    both = buyer(vat="NO1", endpoint=mailbox) | buyer(vat="NO1", endpoint=gln("5"))
    assert match(buyer(vat="NO1", endpoint=gln("5")), both) == 0
    assert match(buyer(vat="NO1", endpoint=gln("12")), both) is None


def test_a_vat_id_that_branches_share_decides_nothing_by_itself() -> None:
    oslo = ParsedAddress(line1="Karl Johans gate 1", city="Oslo")
    first = buyer("Fjord Bergen", vat="NO1", endpoint=gln("5"))
    second = buyer("Fjord Oslo", address=oslo, vat="NO1", endpoint=gln("12"))
    assert match(buyer("Fjord Molde", address=ParsedAddress(), vat="NO1"), first, second) is None
    assert match(buyer("Fjord Molde", address=ParsedAddress(), vat="NO1", endpoint=gln("7")), first) is None
    assert match(buyer("Fjord Oslo", address=oslo, vat="NO1"), first, second) == 1
    assert match(buyer("Fjord Oslo", address=ParsedAddress(), vat="NO1"), first, second) == 1
    without = buyer("Fjord Oslo", address=oslo, vat="NO1")
    assert match(buyer("Fjord Oslo", address=oslo, vat="NO1"), first, second, without) == 2
    assert match(buyer("Fjord Molde", vat="NO1", endpoint=gln("7")), first, without) is None


def test_a_renamed_branch_is_known_by_its_electronic_address() -> None:
    mailbox, other = Identifier("ap@fjord.example", "EM"), Identifier("oslo@fjord.example", "EM")
    known = buyer(vat="NO1", endpoint=other), buyer(vat="NO1", endpoint=mailbox)
    assert match(buyer("Fjord Holding", address=ParsedAddress(), vat="NO1", endpoint=mailbox), *known) == 1


def test_a_customer_that_two_buyers_became_gets_no_more_of_either() -> None:
    five, twelve = buyer(vat="NO1", endpoint=gln("5")), buyer("Fjord Oslo", vat="NO1", endpoint=gln("12"))
    assert match(five, five | twelve) is None
    assert match(five, five | twelve, five) == 1
    assert match(twelve, five | twelve, five) is None


def test_a_mailbox_that_two_namesakes_share_is_nobodys() -> None:
    mailbox = Identifier("ap@group.example", "EM")
    first, second = (buyer(ids=(Identifier(number),), endpoint=mailbox) for number in ("K-1", "K-2"))
    assert match(buyer(endpoint=mailbox), first, second) is None
    assert match(buyer(endpoint=mailbox), first, second, buyer(endpoint=mailbox)) == 2


def test_names_in_every_script_have_keys_of_their_own() -> None:
    arabic, chinese = buyer("شركة النور"), buyer("株式会社光")
    assert all(key.isascii() for key in arabic | chinese)
    assert match(arabic, arabic) == 0
    assert match(chinese, arabic) is None
