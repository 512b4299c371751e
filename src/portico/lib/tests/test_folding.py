import pytest

from portico.lib.folding import amount_word, fold, meets, name_words, search_terms, words


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("ÄRZTEHAUS Nord", "ärztehaus"),
        ("ÄRZTEHAUS Nord", "aerzteh"),
        ("Ärztehaus", "ARZTEHAUS"),
        ("SÖHNE", "söhne"),
        ("Söhne", "so\u0308hne"),
        ("Weiß & Co", "weiss"),
        ("ёлка", "ЕЛКА"),
        ("ЁЛКА", "ёлка"),
        ("Łąka", "laka"),
        ("Ørsted", "orsted"),
        ("ＡＢＣ", "abc"),
        ("İstanbul", "istanbul"),
        ("ﬁnance", "fin"),
        ("أحمد", "احمد"),
        ("INV-0739", "inv 739"),
        ("INV-0739", "inv0739"),
        ("INV-0739", "739"),
        ("INV-0739", "0739"),
        ("INV-0739", "INV-0"),
        ("2026-000041", "2026-41"),
        ("PO-7730", "po-7730"),
        ("PO-7730", "7730"),
        ("cus_8fK2x", "8fk2"),
        ("DE123456789", "de 1234"),
        ("pay@blue-harbor.example", "blue-harbor"),
    ],
)
def test_what_is_typed_finds_it(text: str, typed: str) -> None:
    terms = search_terms(typed)
    assert terms
    assert all(meets(words(text), term) for term in terms)


@pytest.mark.parametrize(
    ("minor", "currency", "typed"),
    [
        (399460, "EUR", "3994.60"),
        (399460, "EUR", "3.994,60"),
        (399460, "EUR", "3,994.60"),
        (399460, "EUR", "3’994.60"),
        (399460, "EUR", "3 994,60"),
        (399460, "EUR", "3\u202f994,60 EUR"),
        (399460, "EUR", "€3,994.6"),
        (399460, "EUR", "3994,"),
        (399460, "EUR", "3994"),
        (399460, "EUR", "3.994"),
        (-15500, "EUR", "-155.00"),
        (60000, "JPY", "60,000"),
        (100000, "KWD", "100.000"),
        (1234567890, "EUR", "12.345.678,90"),
    ],
)
def test_an_amount_is_found_as_it_is_typed(minor: int, currency: str, typed: str) -> None:
    terms = search_terms(typed)
    assert terms
    assert all(meets({amount_word(minor, currency)}, term) for term in terms)


@pytest.mark.parametrize("typed", ["3994.61", "39946", "994.60", "3.994,61", "4 994,60"])
def test_another_amount_is_not(typed: str) -> None:
    assert not all(meets({"3994.60"}, term) for term in search_terms(typed))


def test_a_name_is_found_by_its_parts() -> None:
    assert meets(name_words("Hafenärztehaus"), search_terms("haus")[0])
    assert meets(name_words("株式会社山田"), search_terms("山田")[0])
    assert not meets(name_words("Hafenärztehaus"), search_terms("hause")[0])


@pytest.mark.parametrize("typed", ["", "   ", "€", "--", "\u200b"])
def test_what_has_no_words_asks_for_nothing(typed: str) -> None:
    assert search_terms(typed) == ()


def test_folding_is_idempotent() -> None:
    for text in ("Straße", "ЁЛКА", "Ångström", "ﬃ", "한국어", "ΣΊΣΥΦΟΣ"):
        assert fold(fold(text)) == fold(text)
