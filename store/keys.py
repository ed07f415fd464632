"""The two keys that residents' addresses are sealed and found by, kept wrapped by SECRET_KEY."""

import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.database import Connection, StoreError

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID = (
    b"\x01"  # the first byte of all that is sealed, so that a second key can be told from the first
)
NAMES = ("sealing", "lookup")
KEEP_KEYS = """
insert into keys (name, wrapped) select * from unnest($1::text[], $2::bytea[])
on conflict (name) do nothing
"""
READ_KEYS = "select name, wrapped from keys order by name"
LOCK_KEYS = "select name, wrapped from keys order by name for update"
REPLACE_KEYS = """
update keys set wrapped = given.wrapped
from unnest($1::text[], $2::bytea[]) as given (name, wrapped) where keys.name = given.name
"""

Chance = Callable[[int], bytes]


class SealError(StoreError):
    """What was to be opened is damaged, or was sealed by another key."""


class SecretKeyError(StoreError):
    """SECRET_KEY is not the one that the keys of this database were wrapped by."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Seals text, opens it again, and gives the hash that the same text is always found by."""

    sealing: bytes = field(repr=False)
    finding: bytes = field(repr=False)
    chance: Chance = field(default=os.urandom, repr=False)
    _cipher: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cipher", AESGCM(self.sealing))

    def seal(self, text: str) -> bytes:
        """Key id, nonce, ciphertext with its tag: the same text never looks the same."""
        nonce = self.chance(NONCE_BYTES)
        return KEY_ID + nonce + self._cipher.encrypt(nonce, text.encode(), KEY_ID)

    def open(self, sealed: bytes) -> str:
        """What `seal` was given.

        Raises:
            SealError: it was changed, or sealed by another key.
        """
        if sealed[:1] != KEY_ID:
            raise SealError("sealed by a key that this database does not hold")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, KEY_ID).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError("what was sealed cannot be opened: changed, or another key") from error

    def lookup(self, text: str) -> bytes:
        """32 bytes that only a holder of the key can tell to belong to `text`."""
        return hmac.digest(self.finding, text.encode(), "sha256")


async def load_keys(connection: Connection, secret_key: str, chance: Chance = os.urandom) -> Keys:
    """The keys of this database; made on first use, by whichever process comes first.

    Raises:
        SecretKeyError: they were wrapped by another SECRET_KEY.
    """
    rows = await connection.fetch(READ_KEYS)
    if len(rows) < len(NAMES):
        made = [wrap(name, chance(KEY_BYTES), secret_key, chance) for name in NAMES]
        await connection.execute(KEEP_KEYS, list(NAMES), made)
        rows = await connection.fetch(READ_KEYS)
    opened = {row["name"]: unwrap(row["name"], row["wrapped"], secret_key) for row in rows}
    return Keys(opened["sealing"], opened["lookup"], chance)


async def rewrap(
    connection: Connection, old_secret: str, new_secret: str, chance: Chance = os.urandom
) -> None:
    """Wrap the keys by a new SECRET_KEY; all that is sealed stays as it is.

    Raises:
        SecretKeyError: `old_secret` is not the one in use; nothing was changed.
    """
    async with connection.transaction():
        rows = await connection.fetch(LOCK_KEYS)
        names = [row["name"] for row in rows]
        opened = [unwrap(row["name"], row["wrapped"], old_secret) for row in rows]
        wrapped = [
            wrap(name, key, new_secret, chance) for name, key in zip(names, opened, strict=True)
        ]
        await connection.execute(REPLACE_KEYS, names, wrapped)


def wrap(name: str, key: bytes, secret_key: str, chance: Chance) -> bytes:
    """Seal a key itself, bound to its name, by a key derived from SECRET_KEY."""
    nonce = chance(NONCE_BYTES)
    return nonce + AESGCM(_wrapping_key(secret_key)).encrypt(nonce, key, name.encode())


def unwrap(name: str, wrapped: bytes, secret_key: str) -> bytes:
    """Undo `wrap`.

    Raises:
        SecretKeyError: another SECRET_KEY wrapped it.
    """
    nonce, body = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(_wrapping_key(secret_key)).decrypt(nonce, body, name.encode())
    except InvalidTag as error:
        raise SecretKeyError(
            "SECRET_KEY is not the one that this database's keys were made with: set the former "
            "one, or what residents left cannot be read"
        ) from error


def _wrapping_key(secret_key: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"jiesu keys").derive(secret_key.encode())
