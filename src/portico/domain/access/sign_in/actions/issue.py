from django.db import transaction

from portico.domain.access.models import Challenge
from portico.domain.access.secrets import stored_form
from portico.domain.access.sign_in.tokens import CODE, LINK, LINK_PREFIX, salted
from portico.lib.ids import new_code, new_secret


@transaction.atomic
def mint(challenge: Challenge) -> tuple[str, str]:
    """Make the link's secret and the code of a mail that is about to be sent; returns both, stores neither.

    Made again, they take the place of the former ones.
    """
    secret, code = new_secret(LINK_PREFIX), new_code()
    challenge.secret_hash = stored_form(secret, LINK)[0]
    challenge.code_hash = stored_form(salted(challenge, code), CODE)[0]
    challenge.save(update_fields=["secret_hash", "code_hash"])
    return secret, code
