"""The resident's page in a real browser: what is said is neither lost nor doubled, whatever the network does."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    FilePayload,
    Page,
    Route,
    ViewportSize,
    async_playwright,
    expect,
)
from redis.asyncio import Redis

from gateway.config import Settings
from store.database import Pool
from store.keys import Keys
from tests.photos import png
from tests.small_city import SmallTurns, served, web_chat

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed on this machine"
)

PHONE = ViewportSize(width=360, height=740)
NARROW = ViewportSize(width=320, height=568)
CONFIRM = "您反映：田村路街道，暖气不热。对吗？"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"DATA_DIR": str(tmp_path)}, production=False)


@pytest.fixture
def turns(pool: Pool, valkey: Redis) -> SmallTurns:
    return SmallTurns(pool, Keys(b"s" * 32, b"f" * 32), valkey)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


class Site:
    """The page's server: it can be taken away and brought back at the same address."""

    def __init__(self, settings: Settings, pool: Pool, redis: Redis, turns: SmallTurns) -> None:
        self.settings, self.pool, self.redis, self.turns = settings, pool, redis, turns
        self.url = ""

    @asynccontextmanager
    async def up(self) -> AsyncIterator[str]:
        port = int(self.url.rpartition(":")[2]) if self.url else 0
        made = web_chat(self.settings, self.pool, self.redis, self.turns)
        async with served(lambda: made, port) as (url, _):
            self.url = url
            yield url


@pytest.fixture
def site(settings: Settings, pool: Pool, valkey: Redis, turns: SmallTurns) -> Site:
    return Site(settings, pool, valkey, turns)


@asynccontextmanager
async def phone(chromium: Browser, url: str) -> AsyncIterator[Page]:
    """A resident's phone with the page open; no script may fail on it and no other site be asked."""
    context = await chromium.new_context(
        viewport=PHONE, has_touch=True, device_scale_factor=2, locale="zh-CN"
    )
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Refused" in line.text else None)
    page.on("request", lambda asked: faults.append(asked.url) if foreign(asked.url, url) else None)
    await page.goto(url)
    yield page
    await context.close()
    assert faults == []


def foreign(asked: str, url: str) -> bool:
    return not asked.startswith((url, "blob:", "data:"))


async def tell(page: Page, text: str) -> None:
    await page.get_by_label("说说您的事").fill(text)
    await page.keyboard.press("Enter")


async def bubbles(page: Page) -> list[str]:
    """The words of all bubbles after the greeting, in order, marked by who says them."""
    found = await page.evaluate(
        """() => Array.from(document.querySelectorAll('.entry:not(#greeting)'), (entry) =>
            (entry.classList.contains('ours') ? '< ' : '> ') +
            Array.from(entry.querySelectorAll('.bubble p'), (p) => p.textContent.trim()).join(' '))"""
    )
    return list(found)


async def shows(page: Page, expected: list[str]) -> None:
    """Wait until the page shows exactly this conversation."""
    count = len(expected)
    await expect(page.locator(".entry:not(#greeting)")).to_have_count(count, timeout=8000)
    await expect(page.locator(".entry:not(#greeting) .bubble").nth(count - 1)).to_contain_text(
        expected[-1][2:], timeout=8000
    )
    assert await bubbles(page) == expected


async def picture(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    folder = os.environ.get("PICTURES")  # noqa: TID251 - for the eyes of who runs the tests
    if folder:
        await page.screenshot(path=f"{folder}/{name}.png")


TALK = ["> 田村路街道暖气不热", f"< {CONFIRM}"]


async def test_a_resident_complains_confirms_and_gets_a_number(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await picture(page, "first-visit")
        await tell(page, "田村路街道暖气不热")
        await shows(page, TALK)
        await picture(page, "question")
        await page.get_by_role("button", name="对，提交").click()
        await shows(page, [*TALK, "> 对，提交", "< 好的，已受理，编号261123-000001-6。"])
        await expect(page.get_by_role("button", name="对，提交")).to_be_disabled()
        await expect(page.locator(".choices .chosen")).to_have_text("对，提交")
        assert site.turns.taken[-1].said.prompt == 1
        await picture(page, "accepted")


async def test_a_reload_in_the_middle_keeps_the_conversation_and_its_open_question(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await tell(page, "田村路街道暖气不热")
        await shows(page, TALK)
        await page.get_by_label("说说您的事").fill("还有一件")
        await page.reload()
        await shows(page, TALK)
        await expect(page.get_by_label("说说您的事")).to_have_value("还有一件")
        await page.get_by_role("button", name="不对，要改").click()
        await shows(page, [*TALK, "> 不对，要改", "< 好的，已受理，编号261123-000001-6。"])


async def test_what_is_said_without_a_network_is_sent_once_it_is_back(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await tell(page, "一")
        await shows(page, ["> 一", "< 收到：一"])
        await page.context.set_offline(True)
        await tell(page, "二")
        await tell(page, "三")
        await expect(page.locator("#offline")).to_be_visible()
        await picture(page, "offline")
        await page.context.set_offline(False)
        await shows(page, ["> 一", "< 收到：一", "> 二", "< 收到：二", "> 三", "< 收到：三"])
        await expect(page.locator("#offline")).to_be_hidden()


async def test_a_message_whose_answer_was_lost_takes_effect_once(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await page.route("**/chat/messages", once(lose_the_answer))
        await tell(page, "一")
        await shows(page, ["> 一", "< 收到：一"])
        assert len({inbound.key for inbound in site.turns.taken}) == 1


async def test_a_page_closed_before_its_message_was_sent_sends_it_when_opened_again(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await page.route("**/chat/messages", refuse_posts)
        await tell(page, "一")
        await expect(page.locator("#offline")).to_be_visible()
        await page.unroute("**/chat/messages")
        await page.goto("about:blank")
        await page.goto(url)
        await shows(page, ["> 一", "< 收到：一"])


async def test_a_server_that_is_replaced_is_found_again_by_the_open_page(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url:
        context = await chromium.new_context(viewport=PHONE)
        page = await context.new_page()
        await page.goto(url)
        await tell(page, "一")
        await shows(page, ["> 一", "< 收到：一"])
    await tell(page, "二")
    await site.turns.notice("已交田村路街道办理")
    async with site.up():
        await shows(page, ["> 一", "< 收到：一", "< 已交田村路街道办理", "> 二", "< 收到：二"])
        await context.close()


async def test_a_message_in_the_spool_stays_visible_until_its_reply_comes(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await tell(page, "一")
        await shows(page, ["> 一", "< 收到：一"])
        site.turns.away = True
        await tell(page, "二")
        await expect(page.locator(".state").last).to_have_text("已收下，稍后回复")
        await page.reload()
        await expect(page.locator(".state").last).to_have_text("已收下，稍后回复")
        site.turns.away = False
        await site.turns.submit(site.turns.taken[-1])  # the spool is replayed
        await site.turns.notice("已交田村路街道办理")
        await shows(page, ["> 一", "< 收到：一", "> 二", "< 收到：二", "< 已交田村路街道办理"])


async def test_a_notice_appears_by_itself(chromium: Browser, site: Site) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await tell(page, "一")
        await shows(page, ["> 一", "< 收到：一"])
        await site.turns.notice("田村路街道答复：明天上午检修。")
        await shows(page, ["> 一", "< 收到：一", "< 田村路街道答复：明天上午检修。"])


async def test_what_the_resident_was_shown_is_noted(
    chromium: Browser, site: Site, pool: Pool
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        async with page.expect_response("**/chat/seen"):
            await tell(page, "一")
        assert await pool.fetchval("select seen_seq from conversations") == 2


async def test_photos_are_shown_before_and_after_they_are_sent(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        photo = FilePayload(name="暖气.png", mimeType="image/png", buffer=png(64))
        await page.set_input_files("#files", [photo])
        await expect(page.locator("#tray .done")).to_have_count(1)
        await picture(page, "photo-in-tray")
        await tell(page, "看照片")
        await shows(page, ["> 看照片", "< 收到：看照片［照片］"])
        loaded = "() => { const i = document.querySelector('.picture img'); return i && i.naturalWidth === 64 }"
        await page.wait_for_function(loaded)
        await page.reload()
        await page.wait_for_function(loaded)
        await expect(page.locator("#tray")).to_be_hidden()


async def test_a_file_that_is_no_photo_is_refused_in_words(chromium: Browser, site: Site) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        fake = FilePayload(name="x.png", mimeType="image/png", buffer=b"GIF89a" * 20)
        await page.set_input_files("#files", [fake])
        await expect(page.get_by_role("alert")).to_have_text(
            "只能发照片（JPEG、PNG、WebP、HEIC）。"
        )
        await page.get_by_role("button", name="去掉这张照片").click()
        await expect(page.get_by_role("alert")).to_be_hidden()


async def test_a_location_is_sent_when_the_resident_shares_it(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await page.context.grant_permissions(["geolocation"])
        await page.context.set_geolocation({"latitude": 39.92, "longitude": 116.26})
        await page.get_by_role("button", name="发我的位置").click()
        await shows(page, ["> 我的位置 39.92000, 116.26000", "< 收到：［位置］"])
        pin = site.turns.taken[0].said.pin
        assert pin is not None
        assert (pin.latitude, pin.longitude, pin.datum) == (39.92, 116.26, "WGS-84")


async def test_enter_that_ends_a_word_of_an_input_method_sends_nothing(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        field = page.get_by_label("说说您的事")
        await field.fill("nuanqi")
        await field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "keyCode": 229})
        await field.press("Shift+Enter")
        assert await bubbles(page) == []
        await field.press("Enter")
        await shows(page, ["> nuanqi", "< 收到：nuanqi"])


async def test_a_refused_message_says_why_and_gives_the_words_back(
    chromium: Browser, site: Site
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await page.evaluate("document.getElementById('text').maxLength = 9000")
        await tell(page, "长" * 4001)
        await expect(page.locator(".state").last).to_contain_text("没有发出: 内容太长了")
        await expect(page.get_by_label("说说您的事")).to_have_value("长" * 4001)


async def test_the_page_speaks_english_when_asked(chromium: Browser, site: Site) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_label("Tell us about it")).to_be_visible()
        assert await page.evaluate("document.documentElement.lang") == "en"
        assert site.turns.taken[0].said.choice == "command:english"
        await page.reload()
        await expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


async def test_the_greeting_offers_the_first_steps(chromium: Browser, site: Site) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await page.get_by_role("button", name="查进度").click()
        await expect(page.locator(".mine")).to_have_count(1)
        await expect(page.locator("#first-choices button").first).to_be_disabled()
        assert [inbound.said.choice for inbound in site.turns.taken] == ["command:status"]
        await page.reload()
        await shows(page, ["> 查进度", "< 好的，已受理，编号261123-000001-6。"])


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_the_page_fits_the_narrowest_phone_and_its_buttons_a_thumb(
    chromium: Browser, site: Site, colours: str
) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        await page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        await page.set_viewport_size(NARROW)
        await tell(page, "田村路街道暖气不热")
        await shows(page, TALK)
        await tell(page, "a" * 200)
        await expect(page.locator(".entry.ours")).to_have_count(3)
        await picture(page, f"narrow-{colours}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        assert await page.evaluate("document.getElementById('talk').scrollWidth") <= NARROW["width"]
        small = await page.evaluate(
            """() => Array.from(document.querySelectorAll('button'))
                .filter((b) => b.offsetParent && (b.offsetHeight < 44 || b.offsetWidth < 44))
                .map((b) => b.textContent.trim())"""
        )
        assert small == []


Handle = Callable[[Route], Awaitable[None]]


def once(handle: Handle) -> Handle:
    """Do it to the first POST alone."""
    done: list[Route] = []

    async def first(route: Route) -> None:
        if route.request.method != "POST" or done:
            await route.continue_()
            return
        done.append(route)
        await handle(route)

    return first


async def lose_the_answer(route: Route) -> None:
    await route.fetch()
    await route.abort("connectionreset")


async def refuse_posts(route: Route) -> None:
    if route.request.method == "POST":
        await route.abort("connectionrefused")
    else:
        await route.continue_()
