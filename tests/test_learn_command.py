"""`jiesu learn` as an operator uses it: it reports, keeps what it has learnt, and uses it only where it is better."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from gateway.bootstrap import open_core, refresh_catalogue
from gateway.commands.learning import trainer
from gateway.config import Settings
from handlers.sign import sign
from store import topic_models
from store.database import Pool
from tests.lessons import lessons_of
from tests.office import Office, act, open_office
from tests.operator import Operator

STRANGE = "海淀区田村路街道魑魅，已经两天了"


@pytest.fixture
def operator(database_url: str, redis_url: str, tmp_path: Path) -> Operator:
    return Operator(database_url, redis_url, tmp_path)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def teach(office: Office, count: int = 600) -> None:
    """Let the city have had so many tickets, each signed and settled."""
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    rows = lessons_of(office.world.city.catalogue, count)
    await office.value(
        "insert into tickets select (jsonb_populate_record(t, jsonb_build_object("
        " 'id', t.id + n, 'matter', r.matter, 'topic', r.topic, 'state', 'closed'))).*"
        " from tickets t, unnest($1::text[], $2::text[]) with ordinality as r (matter, topic, n)"
        " where t.id = $3 returning 1",
        [row.matter for row in rows],
        [row.topic for row in rows],
        ticket,
    )
    await office.value(
        "insert into assignments (ticket_id, round, role, unit_id, state, dispatched_at, due_at, signed_at)"
        " select t.id, 1, 'lead', a.unit_id, 'done', a.dispatched_at, a.due_at, a.signed_at"
        " from tickets t, assignments a where a.ticket_id = $1 and a.role = 'lead' and t.id > $1 returning 1",
        ticket,
    )


async def in_force(office: Office) -> int | None:
    async with office.pool.acquire() as connection:
        return await topic_models.id_in_force(connection)


async def test_without_tickets_it_says_so_and_learns_nothing(
    operator: Operator, office: Office
) -> None:
    outcome = await operator.run_beside("learn")
    assert outcome.exit_code == 1
    assert outcome.output.startswith("jiesu: too few tickets to learn from, nothing was changed: 0")
    assert await office.value("select count(*) from topic_models") == 0


async def test_what_is_better_is_kept_and_used(operator: Operator, office: Office) -> None:
    await teach(office)
    outcome = await operator.run_beside("learn")
    assert outcome.exit_code == 0, outcome.output
    assert "600 rows of 20 topics" in outcome.output
    assert "It is better than the rules alone." in outcome.output
    version = await in_force(office)
    assert outcome.output.endswith(f"Version {version} is in force.\n")


async def test_a_dry_run_keeps_nothing_and_no_use_uses_nothing(
    operator: Operator, office: Office
) -> None:
    await teach(office)
    dry = await operator.run_beside("learn", "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert await office.value("select count(*) from topic_models") == 0
    kept = await operator.run_beside("learn", "--no-use")
    assert kept.output.endswith("is kept, not used.\n")
    assert await in_force(office) is None


async def test_the_same_tickets_give_the_same_file_and_no_second_version(
    operator: Operator, office: Office, tmp_path: Path
) -> None:
    await teach(office)
    first, second = tmp_path / "first", tmp_path / "second"
    await operator.run_beside("learn", "--out", str(first))
    await operator.run_beside("learn", "--out", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert await office.value("select weights from topic_models") == first.read_bytes()


async def test_a_version_is_listed_withdrawn_restored_and_taken_from_a_file(
    operator: Operator, office: Office, tmp_path: Path
) -> None:
    await teach(office)
    file = tmp_path / "model"
    await operator.run_beside("learn", "--out", str(file))
    version = str(await in_force(office))
    assert "in force" in (await operator.run_beside("learn", "--list")).output
    await operator.run_beside("learn", "--withdraw", version)
    assert await in_force(office) is None
    await operator.run_beside("learn", "--restore", version)
    assert str(await in_force(office)) == version
    await office.value("delete from topic_models returning 1")
    outcome = await operator.run_beside("learn", "--load", str(file))
    assert outcome.output == f"Version {await in_force(office)} is in force.\n"
    assert "from a file" in (await operator.run_beside("learn", "--list")).output


async def test_what_is_no_model_or_no_version_is_refused(
    operator: Operator, office: Office, tmp_path: Path
) -> None:
    del office  # the catalogue is loaded
    file = tmp_path / "model"
    file.write_bytes(b"PK something else")
    refused = await operator.run_beside("learn", "--load", str(file))
    assert (refused.exit_code, refused.output) == (1, "jiesu: this is no model of topics\n")
    unknown = await operator.run_beside("learn", "--withdraw", "99")
    assert unknown.output == "jiesu: there is no version 99: see `jiesu learn --list`\n"


async def test_running_processes_take_a_new_model_up_and_give_a_withdrawn_one_back(
    operator: Operator, office: Office
) -> None:
    await teach(office)
    async with open_core(Settings.from_env(operator.env, production=True)) as core:
        assert core.world.city.reader.understand(STRANGE).topic == ""
        await operator.run_beside("learn")
        await refresh_catalogue(core)
        assert core.world.city.reader.understand(STRANGE).topic == "T001"
        await operator.run_beside("learn", "--withdraw", str(await in_force(office)))
        await refresh_catalogue(core)
        assert core.world.city.reader.understand(STRANGE).topic == ""


async def test_a_model_of_another_release_is_as_good_as_none(
    operator: Operator, office: Office
) -> None:
    async with office.pool.acquire() as connection:
        version = await topic_models.keep(connection, office.at, "x", b"{}", b"from the future")
        await topic_models.put_in_force(connection, version)
    async with open_core(Settings.from_env(operator.env, production=True)) as core:
        assert core.world.city.model_id == version
        assert core.world.city.reader.understand("暖气不热").topic == "T001"


def test_where_scikit_learn_is_missing_the_way_to_get_it_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit):
        trainer("handlers.no_such_training")
    assert "pip install 'jiesu[learn]'" in capsys.readouterr().err


def test_a_model_is_served_without_what_trained_it() -> None:
    check = "import sys, gateway.cli, handlers.topic_model; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
