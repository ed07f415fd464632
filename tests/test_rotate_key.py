"""`jiesu rotate-key`: two rows are wrapped anew, and nothing that was sealed is lost."""

from pathlib import Path

import pytest

from store.database import Pool
from store.keys import SecretKeyError, load_keys
from tests.operator import Operator

OLD, NEW = "s" * 40, "n" * 40


@pytest.fixture
def operator(database_url: str, redis_url: str, tmp_path: Path) -> Operator:
    return Operator(database_url, redis_url, tmp_path)


async def test_the_new_key_opens_what_the_old_one_sealed(operator: Operator, pool: Pool) -> None:
    async with pool.acquire() as connection:
        before = await load_keys(connection, OLD)
        outcome = await operator.run_beside("rotate-key", "--stdin", given=f"{NEW}\n")
        assert outcome.exit_code == 0
        assert (await load_keys(connection, NEW)).open(before.seal("+8613812345678"))
        with pytest.raises(SecretKeyError):
            await load_keys(connection, OLD)


@pytest.mark.parametrize(("secret", "given"), [(OLD, "short"), ("t" * 40, NEW)])
async def test_a_short_key_or_a_wrong_old_one_changes_nothing(
    operator: Operator, pool: Pool, secret: str, given: str
) -> None:
    operator.env["SECRET_KEY"] = secret
    async with pool.acquire() as connection:
        await load_keys(connection, OLD)
        outcome = await operator.run_beside("rotate-key", "--stdin", given=f"{given}\n")
        assert outcome.exit_code == 1
        await load_keys(connection, OLD)  # still opens
