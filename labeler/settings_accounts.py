"""Settings of sign-in, second factors, identity providers and e-mail: django-allauth's, and Django's own around it.

The pages are ours (React); django-allauth serves its headless API under `/api/auth/` and does the rest.
"""

import os
from typing import Any

from labeler.lib.env import choice_from_env, data_dir, flag_from_env, oidc_providers_from_env

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# E-mail ------------------------------------------------------------------------------------------

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
_SECURITY = choice_from_env("EMAIL_SECURITY", ("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _SECURITY == "starttls", _SECURITY == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "labeler@localhost")
# Without a mail server messages go there; the sign-in page says so.
EMAIL_FILE_PATH = str(data_dir() / "mail")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

# Accounts ----------------------------------------------------------------------------------------

OPEN_SIGN_UP = flag_from_env("OPEN_SIGN_UP")
ACCOUNT_ADAPTER = "labeler.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMAIL_HOST else "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Labeler: "
ACCOUNT_EMAIL_NOTIFICATIONS = bool(EMAIL_HOST)  # a message when the password or a second factor changes
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/300s/key"}  # by address, and by account from wherever
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if flag_from_env("HTTPS_ONLY") else "http"

HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None  # its page loads script of another site
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "/confirm-email/{key}",
    "account_reset_password": "/reset-password",
    "account_reset_password_from_key": "/reset-password/{key}",
    "account_signup": "/sign-up",
    "socialaccount_login_error": "/sign-in",
}

# Second factors -----------------------------------------------------------------------------------

MFA_ADAPTER = "labeler.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A site without a mail server cannot verify an address; staff can take factors off.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # periods of 30 s that a clock may be off

# Identity providers ---------------------------------------------------------------------------------

OIDC_SIGN_UP = flag_from_env("OIDC_SIGN_UP")
_TRUST_EMAIL = flag_from_env("OIDC_TRUST_EMAIL")
SOCIALACCOUNT_ADAPTER = "labeler.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = _TRUST_EMAIL
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = _TRUST_EMAIL
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": provider.id,
                "name": provider.name,
                "client_id": provider.client_id,
                "secret": provider.client_secret,
                "settings": {"server_url": provider.url, "uid_field": "sub"},
            }
            for provider in oidc_providers_from_env()
        ],
    }
}
