"""A gateway as another package brings it: here it only says who it is, and does what the sandbox does."""

from portico.domain.payments.gateway import AccountField, Credentials, ProviderRefused
from portico.gateways.sandbox.gateway import SandboxGateway


class AcmePay(SandboxGateway):
    name = "acmepay"
    label = "Acme Pay"

    def account_fields(self) -> tuple[AccountField, ...]:
        return (AccountField("merchant", "Merchant number", secret=False), AccountField("token", "Token", secret=True))

    def identify(self, credentials: Credentials) -> str:
        if credentials.secrets["token"] != f"token of {credentials.settings['merchant']}":
            raise ProviderRefused("Acme Pay does not know this token.", code="unknown_keys")
        return f"acme:{credentials.settings['merchant']}"


class FalseSandbox(SandboxGateway):
    label = "Not the sandbox"
