"""What every mail is: said once in the reader's language, as text and as HTML, and nothing loaded from anywhere."""

import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import override

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.l10n import LANGUAGES, formatter
from portico.output.mail.composing import composed, language_of, one_line
from portico.output.mail.document_emails import InvoiceEmail
from portico.output.mail.emails import FreshLink
from portico.output.mail.template import EmailTemplate
from portico.output.mail.tests.samples import DAY, EMAILS, URL, WORDING

_LOADS = {"img", "script", "link", "iframe", "object", "embed", "video", "audio", "source", "form", "input", "table"}


class Reader(HTMLParser):
    """Reads a mail's HTML as a person does, and notes what it is built of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside not in {"style", "title"} and data.strip():
            self.words.append(data.strip("\n "))

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def nordwind() -> Business:
    return Business(
        name="Nordwind & Söhne <Atelier>", slug="nordwind", accent="#ffcc00", email="hallo@nordwind.example"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", EMAILS.values(), ids=EMAILS.keys())
def test_text_and_html_say_the_same_in_every_language(email: EmailTemplate, language: str, nordwind: Business) -> None:
    composed_mail = composed(lambda: email, nordwind, language)
    html = Reader(composed_mail.html)
    with override(language):
        content = email.content(nordwind.name, formatter(language))
    said = [content.heading, content.why, *content.lead, *content.after, content.code, content.url, content.button]
    said += [part for fact in content.facts for part in fact]
    for part in filter(None, said):
        assert part in composed_mail.text, "in the text, not escaped"
        assert part in html.words, "in the HTML, escaped and read back"
    assert nordwind.name in composed_mail.text
    assert composed_mail.subject == " ".join(content.subject.split()), "in plain spaces, which every mail program shows"
    # A phone shows about forty characters; English leaves room for languages with longer words.
    assert len(content.subject) < (60 if language in {"en", "de", "ar"} else 80)
    [page] = html.of("html")
    assert (page["lang"], page["dir"]) == (language, formatter(language).direction)


@pytest.mark.parametrize("email", EMAILS.values(), ids=EMAILS.keys())
def test_nothing_is_loaded_from_anywhere(email: EmailTemplate, nordwind: Business) -> None:
    content = composed(lambda: email, nordwind, "en")
    html = Reader(content.html)
    assert not {name for name, _ in html.tags} & _LOADS
    assert "url(" not in content.html
    assert "@import" not in content.html
    links = {attributes["href"] for attributes in html.of("a")}
    assert links <= {URL, "mailto:hallo@nordwind.example"}
    assert not any("src" in attributes or "background" in attributes for _, attributes in html.tags)


def test_languages_differ(nordwind: Business) -> None:
    subjects = {composed(lambda: EMAILS["sign_in"], nordwind, language).subject for language in LANGUAGES}
    assert len(subjects) > 20, "Danish and Norwegian say the same"
    assert "24. Dezember 2026" in composed(lambda: EMAILS["portal_link"], nordwind, "de").text


def test_the_letter_is_written_in_its_reader_s_language(nordwind: Business) -> None:
    content = composed(lambda: InvoiceEmail("Invoice 1", URL, WORDING, 120400, "EUR", DAY), nordwind, "de")
    assert "1.204,00\u00a0€" in content.text


def test_the_accent_is_readable_wherever_it_stands(nordwind: Business) -> None:
    html = composed(lambda: EMAILS["portal_link"], nordwind, "en").html
    button = next(attributes["style"] for attributes in Reader(html).of("a") if "po-mail-button" in attributes["class"])
    assert "background: #ffcc00; color: #000000" in button


def test_what_others_wrote_stays_words(nordwind: Business) -> None:
    nasty = '"><script>alert(1)</script> {{ 7 * 7 }} %(business)s'
    nordwind.name = nasty
    nordwind.accent = "red;}body{display:none"
    content = composed(lambda: FreshLink(URL, DAY, nasty), nordwind, "en")
    assert not Reader(content.html).of("script")
    assert "display:none" not in content.html
    assert nasty in content.text


def test_a_language_is_chosen_for_the_reader() -> None:
    assert language_of(Business(language="de"), Customer(language="ar"), "en") == "en"
    assert language_of(Business(language="de"), Customer(language="ar")) == "ar"
    assert language_of(Business(language="de"), Customer(language="")) == "de"
    assert language_of(Business(language="de"), None) == "de"
    assert language_of(Business(language=""), Customer(language="xx")) == "en"


def test_a_header_stays_one_line() -> None:
    assert one_line("Nord\r\nBcc: evil@evil.example\x00\x0b\u2028x") == "Nord Bcc: evil@evil.example x"
    assert len(one_line("x" * 5000)) == 200


def test_a_plain_text_reads_well(nordwind: Business) -> None:
    nordwind.name = "Nordwind"
    text = composed(lambda: EMAILS["sign_in"], nordwind, "en").text
    assert not re.search(r"\n{3,}", text)
    assert text.startswith("Sign in\n\n")
    assert f"\n\nSign in:\n{URL}\n\n" in text
    assert "\n\n    ABCD-EFGH\n\n" in text
    assert "\n\n-- \nNordwind\nhallo@nordwind.example\n" in text
