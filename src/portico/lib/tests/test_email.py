import pytest

from portico.lib.email import masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("anna@acme.de", "a•••@acme.de"),
        ("Anna.Klein+invoices@acme.de", "A•••@acme.de"),
        ("a@acme.de", "•••@acme.de"),
        ('"anna@home"@acme.de', "•••@acme.de"),
        ("_x@acme.de", "•••@acme.de"),
        ("ännchen@müller.de", "ä•••@müller.de"),
        ("محاسب@acme.example", "م•••@acme.example"),
        ("anna", "•••"),
        ("@acme.de", "•••@acme.de"),
        ("", "•••"),
    ],
)
def test_an_address_is_known_again_by_its_reader_alone(address: str, shown: str) -> None:
    assert masked(address) == shown
