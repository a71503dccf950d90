"""Secrets of others that must be shown again to be of use: kept so that a copy of the database alone opens none.

Method: Fernet (AES-128-CBC, then HMAC-SHA256) under a key drawn from SECRET_KEY by HKDF (RFC 5869); what was sealed
under a key of SECRET_KEY_FALLBACKS opens too. Limits: meant for keys and passwords, not for documents. Our own keys
that are only compared are hashed instead (`helpdesk.models.api.digest`).
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# One use of SECRET_KEY alone, so that no two can be played against each other.
USE = b"helpdesk.sealed"


class CantBeOpened(Exception):
    """It was sealed under a SECRET_KEY that is neither the present one nor among SECRET_KEY_FALLBACKS."""


def seal(secret: str) -> str:
    """Hide a secret under the present SECRET_KEY; the same secret twice looks different."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises CantBeOpened."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CantBeOpened from error


def _keys() -> MultiFernet:
    """It seals with the first and opens with any."""
    return MultiFernet([_drawn(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _drawn(key: str) -> Fernet:
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=USE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(drawn))
