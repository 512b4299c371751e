"""Text as people look for it: `ärztehaus` for ÄRZTEHAUS, `soehne` for Söhne, `елка` for ёлка, `739` for INV-0739.

Case, accents, widths and ligatures part nothing; letters and digits are words of their own.
"""

import re
import unicodedata
from functools import cache, lru_cache

from portico.lib.money import is_currency, to_major

# What no decomposition of Unicode takes apart.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "\u0640": None,
    }
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_RUN = re.compile(r"[^\W_]+")
_AMOUNT = re.compile(r"\d[\d.,'’]*")
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")

# Nobody types more than this of a word, or more words than these.
_LONGEST_WORD = 60
_MOST_WORDS = 8
# Of a name that is written without spaces every part can be looked for.
_SHORTEST_PART = 3


def fold(text: str) -> str:
    """Return text without case, accents, widths and ligatures."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    letters = (letter for letter in unicodedata.normalize("NFD", folded) if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", "".join(letters))


def folded_pattern(text: str) -> str:
    """Return a regular expression, for either database, of texts that hold this one, in any case and without accents.

    For logs, of which no index is kept.
    """
    letters = _spellings()

    def spelled(part: str) -> str:
        return f"[{letters[part]}]" if part in letters else re.escape(part)

    pairs = [part for part in letters if len(part) > 1]
    parts = re.findall("|".join([*pairs, "."]), fold(text), re.DOTALL)
    return "".join(
        f"({spelled(part[0])}{spelled(part[1])}|{spelled(part)})" if len(part) > 1 else spelled(part) for part in parts
    )


@cache
def _spellings() -> dict[str, str]:
    """Return the letters that each letter, or pair of letters, is written with: aAáÁ…, for ss ß, for oe œ and ö."""
    found: dict[str, str] = {}
    for code in range(ord("A"), 0x2000):
        letter = chr(code)
        if letter.isalpha():
            for plain in {fold(letter), fold(letter.lower().translate(_GERMAN))}:
                if len(plain) <= 2:
                    found[plain] = found.get(plain, "") + letter
    return found


def sorted_as(name: str) -> str:
    """Return what a name is sorted by: Ähre before alpha, and alpha before Zeta. At most 255 characters."""
    return fold(name)[:255]


def words(*texts: str) -> set[str]:
    """Return the words that texts are found by."""
    found: set[str] = set()
    for text in filter(None, texts):
        found.update(_words(fold(text)))
        if not text.isascii():
            german = unicodedata.normalize("NFC", text).lower().translate(_GERMAN)
            found.update(_words(fold(german)))
    return found


def name_words(*texts: str) -> set[str]:
    """Return the words that names are found by: theirs, and where each begins with any of its letters left out."""
    found = words(*texts)
    parts = {word[start:] for word in found if word.isalpha() for start in range(1, len(word) - _SHORTEST_PART + 1)}
    # Chinese and Japanese names have no spaces, and words of one letter.
    parts |= {
        word[start:] for word in found if not word.isascii() and _is_ideographic(word) for start in range(len(word))
    }
    return found | parts


def amount_word(minor: int, currency: str) -> str:
    """Return the word that an amount in minor units is found by: `3994.60`."""
    return f"{abs(to_major(minor, currency)):f}"


type Alternative = tuple[str, ...]
type Term = tuple[Alternative, ...]


@lru_cache(maxsize=256)
def search_terms(query: str) -> tuple[Term, ...]:
    """Return what a query asks for: every term, each of which one alternative meets, with words that begin so."""
    text = unicodedata.normalize("NFKC", query).strip()
    chunks = _GROUPED.sub("", text).split()
    amounts = [_amounts(chunk) for chunk in chunks]
    terms = []
    for chunk, found in zip(chunks, amounts, strict=True):
        if any(amounts) and not found and is_currency(chunk.upper()):
            continue
        folded = fold(chunk)
        parts = tuple(dict.fromkeys(_query_words(folded)))
        whole = tuple(dict.fromkeys(_RUN.findall(folded)))
        alternatives = dict.fromkeys([parts, whole, *((amount,) for amount in found)])
        if term := tuple(alternative for alternative in alternatives if alternative):
            terms.append(term)
    return tuple(terms[:_MOST_WORDS])


def meets(found: set[str], term: Term) -> bool:
    """Tell whether words meet a term."""
    return any(all(any(word.startswith(start) for word in found) for start in parts) for parts in term)


def _words(folded: str) -> set[str]:
    """Return letters and digits apart where they stand as in `inv0739`, and what is mixed as one word."""
    found = {part for run in _RUN.findall(folded) for part in _split(run)}
    # `0739` is found as it stands, and as 739.
    found |= {part.lstrip("0") or "0" for part in found if part.isdigit()}
    return {word[:_LONGEST_WORD] for word in found}


def _query_words(folded: str) -> list[str]:
    return [word[:_LONGEST_WORD] for run in _RUN.findall(folded) for word in _split(run)]


def _split(run: str) -> list[str]:
    letters = run.rstrip("0123456789")
    digits = run[len(letters) :]
    if digits and letters.isalpha():
        return [letters, digits]
    return [run]


def _amounts(chunk: str) -> list[str]:
    """Return how an amount that is typed may begin: `3.994,6` is 3994.6, and `3.994` that or three thousand."""
    match = _AMOUNT.search(chunk)
    if match is None or any(letter.isdigit() for letter in chunk[: match.start()] + chunk[match.end() :]):
        return []
    typed = match.group().rstrip("'’")
    whole, mark, rest = _last_mark(typed)
    if not mark:
        return []
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    found = [f"{digits}.{rest}"] if typed.count(mark) == 1 and len(rest) <= 4 else []
    return [*found, digits + rest] if len(rest) == 3 else found


def _last_mark(typed: str) -> tuple[str, str, str]:
    position = max(typed.rfind(mark) for mark in ".,'’")
    return (typed[:position], typed[position], typed[position + 1 :]) if position >= 0 else (typed, "", "")


def _is_ideographic(word: str) -> bool:
    return any("\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3" for letter in word)
