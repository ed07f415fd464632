"""A resident's phone: a real browser that the tests of the page hold."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from playwright.async_api import (
    Browser,
    Page,
    Route,
    ViewportSize,
    expect,
)
from redis.asyncio import Redis

from gateway.config import Settings
from store.database import Pool
from tests.webchat.small_city import SmallTurns, served, web_chat

PHONE = ViewportSize(width=360, height=740)


NARROW = ViewportSize(width=320, height=568)


CONFIRM = "您反映：田村路街道，暖气不热。对吗？"


TALK = ["> 田村路街道暖气不热", f"< {CONFIRM}"]


Handle = Callable[[Route], Awaitable[None]]


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
