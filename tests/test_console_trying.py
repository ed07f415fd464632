"""The page that shows what a sentence would be understood as, and why."""

from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize, expect
from pytest_aiohttp.plugin import AiohttpClient
from redis.asyncio import Redis

from dialogs.understanding.dangers import Danger
from dialogs.understanding.personal import PersonalKind
from dialogs.understanding.place import Firmness
from dialogs.understanding.reader import Reader
from dialogs.understanding.unreal import Unreal
from dialogs.words import AlertKind
from gateway.console.names import (
    DANGER_NAMES,
    FIRMNESS_NAMES,
    PERSONAL_NAMES,
    UNREAL_NAMES,
)
from gateway.console.trying import located, tried
from handlers.alerts import ALERT_NAMES
from store.database import Pool
from tests.catalogue import beijing, reader
from tests.console_site import PASSWORD, Desk, console_site, give_passwords
from tests.office import Office, open_office
from tests.webchat.small_city import served

PHONE_SIZE = ViewportSize(width=390, height=800)
TODAY = date(2026, 11, 23)
LONG = "我住海淀区田村路街道阜石路第一社区5号楼，不是望京，暖气不热三天了，家里没着火，就是冷，电梯也坏了，物业不管，"


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
async def desk(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AiohttpClient
) -> Desk:
    client = await aiohttp_client(console_site(office, valkey, tmp_path).app)
    return Desk(client)


async def understood(desk: Desk, sentence: str, pin: str = "") -> str:
    answer = await desk.send("/console/try", "/console/try", sentence=sentence, pin=pin)
    assert answer.status == 200
    return unescape(await answer.text())


async def test_a_sentence_is_shown_with_what_it_was_understood_by(desk: Desk) -> None:
    await desk.log_in("centre")
    page = await understood(desk, "海淀区田村路街道暖气不热")
    for shown in ("海淀区田村路街道", "暖气不热", "T001", "II级·24小时", "不用再问", "全称"):
        assert shown in page
    assert '<mark class="place" title="地点">海淀区田村路街道</mark>' in page


async def test_an_ambiguous_name_is_shown_with_the_question_it_leads_to(desk: Desk) -> None:
    await desk.log_in("centre")
    assert "哪个街道：朝阳区八里庄街道 / 海淀区八里庄街道" in await understood(desk, "八里庄停水")


async def test_the_places_and_kinds_that_were_weighed_are_shown(desk: Desk) -> None:
    await desk.log_in("centre")
    page = await understood(desk, "举报朝阳区方庄有人无照经营")
    assert "比较过的地点：" in page
    assert "“举报”直说是举报" in page


async def test_danger_and_what_only_sounds_like_it_are_told_apart(desk: Desk) -> None:
    await desk.log_in("centre")
    assert "现在的危险" in await understood(desk, "家里着火了")
    page = await understood(desk, "担心着火，楼道堆了杂物")
    assert "担心会发生" in page
    assert "有人身危险" not in page


async def test_personal_data_is_shown_as_others_will_see_it(desk: Desk) -> None:
    await desk.log_in("centre")
    page = await understood(desk, "我电话13800138000，暖气不热三天了")
    assert '<mark class="private" title="个人信息">13800138000</mark>' in page
    assert "我电话138****8000，暖气不热三天了" in page


async def test_what_was_typed_is_text_and_nothing_else(desk: Desk) -> None:
    await desk.log_in("centre")
    answer = await desk.send(
        "/console/try", "/console/try", sentence="<b>海淀区</b>停水", pin='"><i>'
    )
    page = await answer.text()
    assert "<b>海淀区" not in page
    assert '"><i>' not in page


async def test_an_empty_form_says_nothing(desk: Desk) -> None:
    await desk.log_in("centre")
    assert "这样理解" not in await understood(desk, "  ")


async def test_only_the_centre_tries_sentences(desk: Desk) -> None:
    await desk.log_in("tiancun")
    await desk.page("/console/try", 404)
    assert "试一句" not in await desk.page("/console")


def test_every_letter_stays_where_it_stood() -> None:
    sentence = LONG * 3 + "𠮷Ａ\r\n喂"
    assert "".join(said for said, _ in tried(reader(), sentence, TODAY).marked) == sentence


def test_every_danger_and_every_reason_against_it_has_a_name_for_staff() -> None:
    assert set(DANGER_NAMES) == set(Danger)
    assert set(UNREAL_NAMES) == set(Unreal)
    assert set(PERSONAL_NAMES) == set(PersonalKind)
    assert set(ALERT_NAMES) == set(AlertKind)
    assert set(FIRMNESS_NAMES) == {firmness.name.lower() for firmness in Firmness}


@pytest.mark.parametrize("written", ["", "海淀", "39.9", "139, 116", "39.9, 116.2, 3", "nan,inf"])
def test_a_location_that_cannot_be_read_is_explained(written: str) -> None:
    assert "例如" in located(reader(), written)


async def test_the_page_fits_a_phone_and_needs_no_script(
    office: Office, valkey: Redis, tmp_path: Path, chromium: Browser
) -> None:
    async with served(lambda: console_site(office, valkey, tmp_path).app) as (url, _):
        context = await chromium.new_context(viewport=PHONE_SIZE, java_script_enabled=False)
        page = await context.new_page()
        await page.goto(url + "/console")
        await page.get_by_label("用户名").fill("centre")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await page.get_by_text("设置", exact=True).click()
        await page.get_by_role("link", name="试一句").click()
        await page.get_by_label("市民说的话").fill(LONG * 4)
        await page.get_by_role("button", name="试一试").click()
        await expect(page.get_by_role("heading", name="这样理解")).to_be_visible()
        box = await page.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= PHONE_SIZE["width"]


@dataclass(frozen=True, slots=True)
class Parrot:
    """A model that always guesses the same."""

    probability: float
    threshold: float = 0.8

    def guess(self, text: str) -> tuple[str, float]:
        del text
        return "T048", self.probability


@pytest.mark.parametrize(
    ("sentence", "probability", "used"),
    [
        ("隔壁养了十几只公鸡", 0.9, True),
        ("隔壁养了十几只公鸡", 0.7, False),
        ("暖气不热", 0.9, False),
    ],
    ids=["sure", "unsure", "the rules have said"],
)
def test_what_a_learnt_model_says_is_shown_used_or_not(
    sentence: str, probability: float, *, used: bool
) -> None:
    learnt = tried(Reader(beijing(), Parrot(probability)), sentence, TODAY).learnt
    assert learnt is not None
    assert (learnt.code, learnt.used) == ("T048", used)


def test_without_a_learnt_model_nothing_is_said_of_one() -> None:
    assert tried(reader(), "隔壁养了十几只公鸡", TODAY).learnt is None
