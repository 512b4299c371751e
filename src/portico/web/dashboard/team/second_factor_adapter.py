"""How allauth's second factors live here: secrets encrypted under the server's keys, one name for all of it."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext as _

from portico.domain.access.secrets import decrypt, encrypt
from portico.domain.businesses.models import User


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is published without types
    """Keeps the secrets of authenticator apps and recovery codes unreadable for a holder of the database alone."""

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        # Where the key is gone no code fits any more; an operator resets the second factor.
        return decrypt(encrypted_text) or ""

    def generate_authenticator_name(self, user: User, type: object) -> str:
        return _("Passkey")

    def _get_site_name(self) -> str:
        return "Portico"
