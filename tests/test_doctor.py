"""`jiesu doctor` names what keeps a machine from serving, and ends with 1 then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer

from gateway.embedded import Servers
from store.database import Pool
from tests.fresh import CHINESE_IS_UNKNOWN, MIGRATED, execute, fresh_database
from tests.office import open_office
from tests.operator import Operator
from tests.world import town

SID, TOKEN = "AC" + "0" * 32, "right"
TWILIO = {
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_PHONE_NUMBER": "+8610123456",
}


@pytest.fixture
async def operator(pool: Pool, database_url: str, redis_url: str, tmp_path: Path) -> Operator:
    """An operator of a machine that has all that it needs."""
    await town(pool)
    operator = Operator(database_url, redis_url, tmp_path)
    operator.env["PUBLIC_URL"] = "https://1.1.1.1"  # public without asking a name server
    return operator


@asynccontextmanager
async def twilio() -> AsyncIterator[str]:
    """A Twilio that knows one account."""

    async def account(request: web.Request) -> web.Response:
        given = request.headers.get("Authorization")
        return web.json_response({}, status=200 if given == encode_basic_auth(SID, TOKEN) else 401)

    app = web.Application()
    app.router.add_get(f"/2010-04-01/Accounts/{SID}.json", account)
    async with TestServer(app) as server:
        yield str(server.make_url(""))


async def examined(operator: Operator) -> tuple[int, dict[str, str]]:
    """The exit code, and what was said by what it was said of."""
    outcome = await operator.run_beside("doctor")
    lines = [line.partition(": ") for line in outcome.output.splitlines()]
    return outcome.exit_code, {about: note for about, _, note in lines}


async def test_a_machine_that_has_all_it_needs_passes(operator: Operator) -> None:
    async with twilio() as url:
        operator.env |= {**TWILIO, "TWILIO_API_URL": url, "METRICS_TOKEN": "token"}
        code, said = await examined(operator)
    assert code == 0
    assert {about[0] for about in said} <= {"✓", "!"}
    assert said["✓ Twilio"] == "answers 200"
    assert said["✓ SECRET_KEY"] == "opens the keys"
    assert "✓ LC_CTYPE" in said
    assert "✓ REDIS_URL" in said
    assert said["! staff"].endswith("`jiesu staff add`")


async def test_wrong_settings_are_all_named(operator: Operator) -> None:
    operator.env |= {"TIMEZONE": "Mars", "SECRET_KEY": "short"}
    outcome = await operator.run_beside("doctor")
    assert outcome.exit_code == 1
    assert outcome.output.count("✗ settings: ") == 2
    assert "TIMEZONE" in outcome.output
    assert "SECRET_KEY" in outcome.output


async def test_servers_that_are_away_are_named(operator: Operator, tmp_path: Path) -> None:
    operator.env |= {
        "DATABASE_URL": f"postgresql://jiesu@/jiesu?host={tmp_path}",
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
    }
    code, said = await examined(operator)
    assert code == 1
    assert said["✗ DATABASE_URL"].startswith("does not answer")
    assert said["✗ REDIS_URL"].startswith("does not answer")


async def test_another_secret_key_is_named(operator: Operator) -> None:
    operator.env["SECRET_KEY"] = "t" * 40
    code, said = await examined(operator)
    assert (code, "✗ SECRET_KEY" in said) == (1, True)


async def test_a_wrong_token_of_twilio_is_named(operator: Operator) -> None:
    async with twilio() as url:
        operator.env |= {**TWILIO, "TWILIO_API_URL": url, "TWILIO_AUTH_TOKEN": "wrong"}
        code, said = await examined(operator)
    assert code == 1
    assert said["✗ Twilio"] == "TWILIO_AUTH_TOKEN is not that of the account"


async def test_twilio_out_of_reach_is_named(operator: Operator) -> None:
    operator.env |= {**TWILIO, "TWILIO_API_URL": "http://127.0.0.1:1"}
    code, said = await examined(operator)
    assert (code, said["✗ Twilio"]) == (1, "cannot be reached: ClientConnectorError")


async def test_a_database_before_its_migrations_is_told_what_to_run(
    operator: Operator, servers: Servers
) -> None:
    async with fresh_database(servers, CHINESE_IS_UNKNOWN) as url:
        operator.env["DATABASE_URL"] = url
        code, said = await examined(operator)
    assert code == 1
    assert said["✗ migrations"].endswith("run `jiesu migrate`")
    assert said["! LC_CTYPE"].endswith("C.UTF-8")


async def test_it_is_told_where_shared_locations_can_be_looked_up(operator: Operator) -> None:
    _, said = await examined(operator)
    note = "0 outlines of your own, 16 districts from the extra `boundaries`"
    assert said["✓ locations"] == note


async def test_a_missing_catalogue_is_told_what_to_run(
    operator: Operator, servers: Servers
) -> None:
    async with fresh_database(servers, MIGRATED) as url:
        await execute(url, "update alembic_version set version_num = '9999'")
        operator.env["DATABASE_URL"] = url
        code, said = await examined(operator)
    assert (code, said["✗ catalogue"]) == (1, "none is in force: run `jiesu load`")
    assert said["✓ SECRET_KEY"] == "will wrap the keys when they are made"
    assert "! migrations" in said


@pytest.mark.parametrize("url", ["http://1.1.1.1", "https://127.0.0.1", "https://10.0.0.1"])
async def test_an_address_that_no_provider_can_call_is_doubted(
    operator: Operator, url: str
) -> None:
    operator.env["PUBLIC_URL"] = url
    assert "! PUBLIC_URL" in (await examined(operator))[1]


async def test_what_lies_in_the_spool_is_told(operator: Operator, tmp_path: Path) -> None:
    await asyncio.to_thread(leave, tmp_path / "spool")
    outcome = await operator.run_beside("doctor")
    assert outcome.output.count("! spool: ") == 2


def leave(folder: Path) -> None:
    folder.mkdir()
    (folder / "web.0.spool").write_bytes(b"?")
    (folder / "web.0.bad").write_bytes(b"?")


async def test_whatsapp_without_a_template_for_notices_is_doubted(operator: Operator) -> None:
    async with twilio() as url:
        operator.env |= {**TWILIO, "TWILIO_API_URL": url, "WHATSAPP_NUMBER": "+14155238886"}
        _, said = await examined(operator)
        assert "after a day of silence" in next(v for k, v in said.items() if "WhatsApp" in k)
        operator.env["WHATSAPP_TEMPLATES"] = "buttons2=HX" + "2" * 32
        operator.env["WHATSAPP_NOTICE_TEMPLATE"] = "HX" + "9" * 32
        _, said = await examined(operator)
        assert "1 templates for choices" in next(v for k, v in said.items() if "WhatsApp" in k)


async def test_what_casework_lacks_is_named(operator: Operator, pool: Pool) -> None:
    office = await open_office(pool)
    await office.open()
    await pool.execute(
        "insert into rule_values (key, value, note, at) values ('return.hours', 900000, '', now()), ('old.rule', 1, '', now())"
    )
    _, said = await examined(operator)
    assert "return.hours is 900000" in said["✗ rules"]
    assert "田村路街道" in said["! reviewers"]
    assert said["✓ districts"] == "nobody is missing"
    assert "/console/unit/roster" in said["! roster"]
    assert said["✓ unit contacts"] == "all hear what they are told"
