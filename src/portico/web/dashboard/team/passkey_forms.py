"""allauth's forms for passkeys, kept from breaking on what no browser sends."""

import struct
from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What allauth and fido2 raise for JSON that is no credential.
_MALFORMED = (AttributeError, LookupError, TypeError, ValueError, struct.error)


def _refusal() -> ValidationError:
    return ValidationError(_("That did not work. Try again, or use another way."))


class _Careful:
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's
        except _MALFORMED as error:
            raise _refusal() from error


class PasskeySignInForm(_Careful, LoginWebAuthnForm):  # type: ignore[misc]  # allauth is published without types
    """A passkey in place of e-mail and password."""


class PasskeyStepForm(_Careful, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth is published without types
    """A passkey after the password."""


class PasskeyConfirmForm(_Careful, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey to confirm who one is."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is published without types
    """A new passkey and its name."""

    def clean(self) -> Any:
        try:
            return super().clean()
        except _MALFORMED as error:
            raise _refusal() from error
