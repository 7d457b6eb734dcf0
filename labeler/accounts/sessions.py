"""The browser's session as its page sees it, and the way out to an identity provider."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.context import request_context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import get_totp_secret
from allauth.socialaccount.adapter import get_adapter as get_provider_adapter
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.middleware.csrf import get_token as get_csrf_token
from requests import RequestException

from labeler.errors import NotFound, Unavailable


def session_of(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in, the CSRF token, and what the sign-in page needs to know of the site."""
    return {
        "user": request.user if isinstance(request.user, User) else None,
        "csrf_token": get_csrf_token(request),
        "sends_email": bool(settings.EMAIL_HOST),
        "is_open_for_sign_up": get_account_adapter().is_open_for_signup(request),
        "providers": [
            {"id": app["provider_id"], "name": app["name"]}
            for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        ],
    }


def provider_location(request: HttpRequest, *, provider_id: str, process: str, next_path: str) -> str:
    """The provider's address to go to; it sends the browser back to allauth's callback and that to `next_path`.

    A page may follow a location by script under a policy that lets forms post to this site only; a posted form that is
    redirected to the provider, as allauth has it, may not.

    Raises:
        NotFound: no such provider is configured.
        Unavailable: the provider's own description cannot be read.
    """
    try:
        provider = get_provider_adapter().get_provider(request, provider_id)
    except ObjectDoesNotExist as error:
        raise NotFound(f"There is no identity provider {provider_id!r}", code="no_such_provider") from error
    try:
        answer = provider.redirect(request, process, next_url=next_path, headless=True)
    except RequestException as error:
        raise Unavailable(
            f"{provider.name} does not answer; try again", code="provider_unavailable"
        ) from error
    location: str = answer["Location"]
    return location


def totp_picture(request: HttpRequest, *, user: User) -> str:
    """SVG of the QR code of the secret that this session sets up; a new secret where none is."""
    adapter = get_mfa_adapter()
    with request_context(request):
        picture: str = adapter.build_totp_svg(adapter.build_totp_url(user, get_totp_secret()))
    return picture
