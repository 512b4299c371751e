from django.db import transaction

from portico.domain.access.models import EmailVerification
from portico.domain.access.secrets import stored_form
from portico.domain.access.sign_in.tokens import CODE, LINK, LINK_PREFIX, salted
from portico.lib.ids import new_code, new_secret


@transaction.atomic
def issue_secrets(verification: EmailVerification) -> tuple[str, str]:
    """Make the link's secret and the code of a mail that is about to be sent; returns both, stores neither.

    Made again, they take the place of the former ones.
    """
    secret, code = new_secret(LINK_PREFIX), new_code()
    verification.secret_hash = stored_form(secret, LINK)[0]
    verification.code_hash = stored_form(salted(verification, code), CODE)[0]
    verification.save(update_fields=["secret_hash", "code_hash"])
    return secret, code
