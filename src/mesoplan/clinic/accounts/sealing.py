"""Texts that lie in the database but are read by this clinic's server only: sealed with a key made from
SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


class Unreadable(Exception):
    """Sealed under another secret, for another purpose, changed since, or too long ago."""


def seal(text: str, *, purpose: str) -> str:
    """What was sealed for one purpose cannot be read for another."""
    return _ring(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str, not_older_than: int | None = None) -> str:
    """The text, unless it was sealed more than `not_older_than` seconds ago."""
    try:
        return _ring(purpose).decrypt(sealed.encode(), ttl=not_older_than).decode()
    except InvalidToken as wrong:
        raise Unreadable(purpose) from wrong


def _ring(purpose: str) -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_key(force_bytes(secret), purpose) for secret in secrets])


def _key(secret: bytes, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"mesoplan {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret)))
