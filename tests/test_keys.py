"""Sealing and finding residents' addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.database import Pool
from store.keys import Keys, SealError, SecretKeyError, load_keys, rewrap

SECRET = "s" * 32
KEYS = Keys(b"1" * 32, b"2" * 32)
OTHERS = Keys(b"3" * 32, b"4" * 32)
NUMBER = "+8613812345678"


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert KEYS.open(KEYS.seal(text)) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert KEYS.seal(NUMBER) != KEYS.seal(NUMBER)


def test_the_same_text_is_found_by_the_same_hash() -> None:
    assert KEYS.lookup(NUMBER) == KEYS.lookup(NUMBER)
    assert KEYS.lookup(NUMBER) != KEYS.lookup(NUMBER + "9")
    assert KEYS.lookup(NUMBER) != OTHERS.lookup(NUMBER)
    assert len(KEYS.lookup(NUMBER)) == 32


@pytest.mark.parametrize("at", [0, 1, 13, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    sealed = bytearray(KEYS.seal(NUMBER))
    sealed[at] ^= 1
    with pytest.raises(SealError):
        KEYS.open(bytes(sealed))


@pytest.mark.parametrize(
    "sealed",
    [b"", b"\x01", b"\x01" + b"0" * 12, OTHERS.seal(NUMBER)],
    ids=["empty", "key id alone", "no body", "another key"],
)
def test_what_was_not_sealed_here_is_refused(sealed: bytes) -> None:
    with pytest.raises(SealError):
        KEYS.open(sealed)


def test_no_key_shows_when_keys_are_printed() -> None:
    assert repr(KEYS) == "Keys()"


async def test_keys_are_made_once_and_found_again(pool: Pool) -> None:
    async with pool.acquire() as connection:
        first = await load_keys(connection, SECRET)
        again = await load_keys(connection, SECRET)
        kept = await connection.fetch("select wrapped from keys")
    assert again.open(first.seal(NUMBER)) == NUMBER
    assert again.lookup(NUMBER) == first.lookup(NUMBER)
    assert not any(first.sealing in row["wrapped"] for row in kept)


async def test_another_secret_key_is_named_as_the_fault(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await load_keys(connection, SECRET)
        with pytest.raises(SecretKeyError, match="SECRET_KEY"):
            await load_keys(connection, "t" * 32)


async def test_a_new_secret_key_opens_what_the_old_one_kept(pool: Pool) -> None:
    async with pool.acquire() as connection:
        before = await load_keys(connection, SECRET)
        await rewrap(connection, SECRET, "t" * 32)
        after = await load_keys(connection, "t" * 32)
        with pytest.raises(SecretKeyError):
            await rewrap(connection, SECRET, "u" * 32)
    assert after.open(before.seal(NUMBER)) == NUMBER
    assert after.lookup(NUMBER) == before.lookup(NUMBER)
