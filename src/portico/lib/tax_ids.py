"""The form of VAT identification numbers, by the country they begin with."""

import re

from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import InvalidChecksum, ValidationError

# Greece and Northern Ireland have codes of their own; Switzerland's number begins with CHE.
_MODULES = {"EL": "GR", "XI": "GB"}
_COUNTRIES = {code.upper() for code in MEMBER_STATES} | {"EL", "XI", "GB", "CH", "NO"}
_COUNTRY_FIRST = re.compile(r"([A-Z]{2})[^A-Z]*[0-9A-Z]")


def is_well_formed(tax_id: str) -> bool:
    """Tell whether a tax id that begins with a European country's code has that country's form.

    A number of any other form may be another country's, or no VAT id, and passes. Check digits are not asked about: an
    office may have given out one that has them wrong.
    """
    text = tax_id.upper().strip()
    found = _COUNTRY_FIRST.match(text)
    code = found[1] if found else ""
    if code not in _COUNTRIES or not any(character.isdigit() for character in text):
        return True
    module = get_cc_module(_MODULES.get(code, code), "vat")
    if module is None:
        return True
    if code in _MODULES:
        text = text[len(code) :]
    try:
        module.validate(text)
    except InvalidChecksum:
        return True
    except ValidationError:
        return False
    return True
