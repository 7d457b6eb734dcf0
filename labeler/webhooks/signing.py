"""The Standard Webhooks signature (standardwebhooks.com, v1), which libraries of many languages check."""

import base64
import hmac
import secrets

PREFIX = "whsec_"
SECRET_BYTES = 32
SECRET_PURPOSE = "webhook"  # noqa: S105  # of the sealed secret: keeps keys apart, is none


def new_secret() -> str:
    """A secret as its owner sees it: the prefix and base64 of random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(*, secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Headers that prove who sent `body`, and when: `timestamp` is in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
