"""The simulator's page in a real browser: phones that write, read and show how far a message has come."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.twilio_gateway import Pair, connected

WORDS = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with connected() as both:
        yield both


@pytest.fixture
async def page(chromium: Browser, pair: Pair) -> AsyncIterator[Page]:
    """The page at a small phone's width; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    page = await chromium.new_page(viewport={"width": 320, "height": 640})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(pair.api_url.removesuffix("/twilio"))
    yield page
    assert complaints == []


async def test_a_phone_writes_and_shows_the_delivered_answer(pair: Pair, page: Page) -> None:
    field = page.get_by_label("短信内容")
    await field.fill(WORDS)
    await field.press("Enter")
    await expect(page.locator("li.mine .bubble")).to_have_text(WORDS)
    answer = page.locator("li.theirs")
    await expect(answer.locator(".bubble")).to_have_text("【12345】已受理。")
    await expect(answer.locator(".note")).to_contain_text("当场回复")
    await expect(answer.locator(".note")).to_contain_text("已送达")
    assert pair.gateway.messages[0].said.text == WORDS


async def test_what_is_sent_by_api_appears_by_itself_and_survives_a_reload(
    pair: Pair, page: Page
) -> None:
    await page.get_by_label("号码").fill("13911112222")
    await page.get_by_role("button", name="加一部手机").click()
    phone = page.get_by_label("短信 +8613911112222")
    await pair.send("已转田村路街道办理。", "+8613911112222")
    await expect(phone.locator(".bubble")).to_have_text("已转田村路街道办理。")
    await page.reload()
    await expect(phone.locator(".bubble")).to_have_text("已转田村路街道办理。")


async def test_a_phone_that_is_switched_off_shows_what_did_not_arrive(
    pair: Pair, page: Page
) -> None:
    async with page.expect_response("**/simulator/faults"):
        await page.get_by_label("关机").check()
    await page.get_by_role("button", name="查询").click()
    await expect(page.locator("li.theirs .note")).to_contain_text("未送达 30003")
    assert pair.standin.faults.unreachable == ["+8613800138001"]


async def test_nothing_runs_off_a_narrow_screen(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
