"""Secrets of others that must be shown again to be of use: kept so that a copy of the database alone opens none.

Method: each secret is hidden under a key stream (HMAC-SHA256 of a counter, NIST SP 800-108) that begins with 16 random
bytes of its own, and then signed (encrypt, then MAC). Both keys come from SECRET_KEY; what was sealed under a key of
SECRET_KEY_FALLBACKS opens too. Limits: meant for keys and passwords of up to a few kilobytes, not for documents.
Our own keys that are only compared are hashed instead (`helpdesk.models.api.digest`).
"""

import base64
import hmac
import secrets

from django.conf import settings

NONCE, TAG = 16, 32  # bytes


class CantBeOpened(Exception):
    """It was sealed under a SECRET_KEY that is neither the present one nor among SECRET_KEY_FALLBACKS."""


def seal(secret: str) -> str:
    """Hide a secret under the present SECRET_KEY; the same secret twice looks different."""
    nonce, key = secrets.token_bytes(NONCE), settings.SECRET_KEY
    hidden = nonce + _under(secret.encode(), key, nonce)
    return base64.urlsafe_b64encode(hidden + _tag(key, hidden)).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises CantBeOpened."""
    raw = base64.urlsafe_b64decode(sealed)
    hidden, tag = raw[:-TAG], raw[-TAG:]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(tag, _tag(key, hidden)):
            return _under(hidden[NONCE:], key, hidden[:NONCE]).decode()
    raise CantBeOpened


def _under(text: bytes, key: str, nonce: bytes) -> bytes:
    """Hidden when it was open, open when it was hidden."""
    derived, blocks = _derived(key, b"hide"), range(-(-len(text) // TAG))
    stream = b"".join(hmac.digest(derived, nonce + n.to_bytes(4, "big"), "sha256") for n in blocks)
    return bytes(a ^ b for a, b in zip(text, stream[: len(text)], strict=True))


def _tag(key: str, hidden: bytes) -> bytes:
    return hmac.digest(_derived(key, b"sign"), hidden, "sha256")


def _derived(key: str, use: bytes) -> bytes:
    """A key for one use alone, so that no two uses of SECRET_KEY can be played against each other."""
    return hmac.digest(key.encode(), b"helpdesk.sealed." + use, "sha256")
