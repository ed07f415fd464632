"""The Telegram chat of the simulator's page in a real browser."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from channels.base import Inbound, Reachable
from dialogs.said import Choice, Reply, Said
from gateway.simulator import page as simulator
from gateway.simulator.telegram_people import PIXEL
from tests.telegram_gateway import LI, Pair, connected

CONFIRM = Reply("对吗？", (Choice("submit", "对，提交"), Choice("fix", "要改")), 3)


@dataclass(frozen=True, slots=True)
class Shown:
    """The page, and the gateway behind the stand-in."""

    pair: Pair
    page: Page

    def last(self) -> Said:
        heard = self.pair.gateway.heard[-1]
        assert isinstance(heard, Inbound)
        return heard.said


@pytest.fixture
async def shown(chromium: Browser) -> AsyncIterator[Shown]:
    """The page at a small phone's width; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    async with connected() as pair:
        app = web.Application()
        simulator.mount(app, simulator.telegram(pair.standin))
        async with TestServer(app) as server:
            page = await chromium.new_page(viewport={"width": 390, "height": 800})
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(str(server.make_url("/simulator")))
            yield Shown(pair, page)
            await page.close()
    assert complaints == []


async def test_a_chat_writes_and_its_buttons_vanish_when_they_are_used(shown: Shown) -> None:
    field = shown.page.get_by_label("Telegram 消息")
    await field.fill("停水了")
    await field.press("Enter")
    await expect(shown.page.locator("li.mine .bubble")).to_have_text("停水了")
    sent = await shown.pair.send(CONFIRM)
    button = shown.page.get_by_role("button", name="对，提交")
    async with shown.page.expect_response("**/telegram/acts"):
        await button.click()
    assert shown.last() == Said(choice="submit", prompt=3)
    assert shown.pair.telegram.tidy is not None
    pressed = shown.pair.gateway.heard[-1]
    assert isinstance(pressed, Inbound)
    assert pressed.mark == sent.provider_id
    await shown.pair.telegram.tidy(pressed)
    await expect(button).to_have_count(0)


async def test_commands_edits_photos_places_and_blocks_reach_the_gateway(
    shown: Shown, tmp_path: Path
) -> None:
    page = shown.page
    await page.get_by_role("button", name="命令").click()
    async with page.expect_response("**/telegram/acts"):
        await page.get_by_role("button", name="/start").click()
    assert shown.last() == Said(text="你好")
    await page.locator("li.mine .bubble").click()
    field = page.get_by_label("Telegram 消息")
    await field.fill("停电了")
    async with page.expect_response("**/telegram/acts"):
        await field.press("Enter")
    assert shown.last() == Said(text="停电了", edits=f"{LI}-1-0")
    picture = tmp_path / "p.jpg"
    picture.write_bytes(PIXEL)
    async with page.expect_response("**/telegram/acts"):
        await page.get_by_label("发照片").set_input_files(picture)
    heard = shown.pair.gateway.heard[-1]
    assert isinstance(heard, Inbound)
    assert heard.media[0].content_type == "image/jpeg"
    for name in ("语音", "位置", "名片", "贴纸"):
        async with page.expect_response("**/telegram/acts"):
            await page.get_by_role("button", name=name, exact=True).click()
    async with page.expect_response("**/telegram/acts"):
        await page.get_by_label("拉黑").check()
    assert shown.pair.gateway.heard[-1] == Reachable("telegram", str(LI), blocked=True)


async def test_a_keyboard_shares_the_number_and_nothing_runs_off_the_screen(shown: Shown) -> None:
    await shown.pair.li.write("hi")
    await shown.pair.send(Reply("要分享手机号吗？", (Choice("skip", "不用了"),), 4, contact=True))
    button = shown.page.get_by_role("button", name="分享手机号")
    assert await shown.page.evaluate("document.documentElement.scrollWidth") == 390
    async with shown.page.expect_response("**/telegram/acts"):
        await button.click()
    assert shown.last() == Said(phone="+8613800138000")
    await expect(button).to_have_count(0)
