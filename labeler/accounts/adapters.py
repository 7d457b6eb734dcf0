"""What django-allauth asks us: who may sign up, how secrets of second factors are kept."""

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from labeler.accounts.invitations import accept_invitation, forget_invitation, is_open, shown_invitation
from labeler.errors import LabelerError, problem_response
from labeler.lib.sealing import seal, unseal

PURPOSE = "second factors"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-up is for who holds an invitation, unless the site is open to all."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """True with `OPEN_SIGN_UP`, or once this session has looked at an invitation that is still open."""
        secret = shown_invitation(request)
        return settings.OPEN_SIGN_UP or (secret is not None and is_open(secret=secret))

    def save_user(
        self, request: HttpRequest, user: User, form: Any, commit: bool = True
    ) -> User:  # the library's signature
        """Make the account and join the invitation's project, both or neither."""
        try:
            with transaction.atomic():
                saved: User = super().save_user(request, user, form, commit=commit)
                secret = shown_invitation(request)
                if secret is not None and is_open(secret=secret):
                    accept_invitation(secret=secret, user=saved)
                    forget_invitation(request)
                return saved
        except LabelerError as error:  # somebody else was faster with the link
            raise ImmediateHttpResponse(
                problem_response(status=error.status, detail=error.message, code=error.code)
            ) from error


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Identity providers vouch for newcomers only with `OIDC_SIGN_UP`; otherwise an invitation is asked for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """True with `OIDC_SIGN_UP`, else as for a sign-up with a password."""
        return settings.OIDC_SIGN_UP or super().is_open_for_signup(request, sociallogin)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps the secrets of second factors encrypted, with keys made from `SECRET_KEY` and its fallbacks."""

    def encrypt(self, text: str) -> str:
        """A secret as it is kept."""
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; of one made under a forgotten `SECRET_KEY`, random text that no code fits."""
        found = unseal(encrypted_text, purpose=PURPOSE)
        return base64.b32encode(secrets.token_bytes(20)).decode() if found is None else found

    def get_totp_issuer(self) -> str:
        """The name in the authenticator app."""
        return "Labeler"
