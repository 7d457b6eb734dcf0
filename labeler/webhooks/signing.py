"""The Standard Webhooks signature (standardwebhooks.com, v1), which libraries of many languages check."""

import base64
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32
SECRET_PURPOSE = "webhook"  # noqa: S105  # of the sealed secret: keeps keys apart, is none


def new_secret() -> str:
    """A secret as its owner sees it: the prefix and base64 of random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(
    *, secrets_in_use: Sequence[str], message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Headers that prove who sent `body`, and when: `timestamp` is in seconds since 1970.

    There is a signature for each secret, separated by spaces; a receiver accepts a message if one of them is right.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets_in_use),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
