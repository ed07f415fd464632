"""The simulator's telephones in a real browser: call, speak, press, hang up; a phone that is rung appears by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from gateway.simulator.leg import Step
from store.database import Pool
from tests.telephone import LAND_LINE, Town, town

MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@pytest.fixture
async def city(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(pool, database_url, redis_url, tmp_path) as made:
        yield made


@pytest.fixture
async def page(chromium: Browser, city: Town) -> AsyncIterator[Page]:
    """The page at a small phone's width; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    page = await chromium.new_page(viewport={"width": 320, "height": 640})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(city.standin.api_url.removesuffix("/twilio"))
    yield page
    assert complaints == []


async def test_a_call_is_made_spoken_keyed_and_ended(city: Town, page: Page) -> None:
    phone = page.locator("section.voice")
    await phone.get_by_role("button", name="拨打").click()
    await expect(phone.locator(".state")).to_contain_text("请说话或按键")
    await phone.get_by_role("button", name="1", exact=True).click()
    await expect(phone.locator("li.mine")).to_have_text("按 1")
    await phone.get_by_label("说的话").fill(MATTER)
    await phone.get_by_role("button", name="说", exact=True).click()
    await expect(phone.locator("li.theirs").last).to_contain_text("对，请按1")
    await phone.get_by_role("button", name="1", exact=True).click()
    await expect(phone.locator(".talk")).to_contain_text("已受理")
    await phone.get_by_role("button", name="挂断").click()
    await expect(phone.locator(".state")).to_contain_text("已挂断")
    assert await city.office.value("select count(*) from tickets") == 1
    assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_who_is_rung_gets_a_phone_and_answers(city: Town, page: Page) -> None:
    await expect(page.locator("section.voice .state")).to_have_text("空闲")
    voice = city.standin.voice
    call = voice.outgoing(voice.numbers[0], LAND_LINE, "outbound-api")
    voice.place(call, Step("", twiml="<Response><Say language='cmn-CN'>您好。</Say></Response>"))
    phone = page.locator("section.voice", has_text=LAND_LINE)
    await phone.get_by_role("button", name="接听").click()
    await expect(phone.locator("li.theirs")).to_have_text("您好。")
    await expect(phone.locator(".state")).to_contain_text("已挂断")
