"""The console in a real browser: on a desk by keyboard, on a phone by thumb, and nothing twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect
from redis.asyncio import Redis

from gateway import live
from handlers.resolve import answer_as_assist
from store.database import Pool
from tests.console_site import PASSWORD, console_site, give_passwords
from tests.office import Office, act, open_office
from tests.webchat.small_city import served

DESK = ViewportSize(width=1280, height=800)
PHONE_SIZE = ViewportSize(width=390, height=800)


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
async def url(office: Office, valkey: Redis, tmp_path: Path) -> AsyncIterator[str]:
    async with served(lambda: console_site(office, valkey, tmp_path).app) as (url, _):
        yield url


async def log_in(chromium: Browser, url: str, login: str, size: ViewportSize) -> Page:
    """A page of a browser of its own, logged in; whatever its console complains of fails the test."""
    page = await chromium.new_page(viewport=size)
    page.on("console", lambda said: pytest.fail(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto(url + "/console")
    await page.get_by_label("用户名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page


async def fits(page: Page) -> bool:
    """Nothing has to be scrolled sideways."""
    wide: bool = await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


async def test_a_ticket_is_worked_off_by_keyboard(
    chromium: Browser, url: str, office: Office
) -> None:
    ticket = await office.open()
    await act(office, answer_as_assist, "cgw", ticket, "热力站正常")
    page = await log_in(chromium, url, "tiancun", DESK)
    await page.keyboard.press("j")
    await page.keyboard.press("s")
    await expect(page.get_by_role("status")).to_contain_text("已签收")
    assert (await office.ticket(ticket))["state"] == "handling"
    await expect(page.get_by_role("link", name="暖气不热")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="暖气不热")).to_be_visible()
    await page.locator("#act-contact select[name=outcome]").select_option("reached")
    await page.locator("#act-contact button").click()
    await expect(page.get_by_role("status")).to_contain_text("已记录")
    await page.reload()
    await expect(page.get_by_role("status")).to_have_count(0)
    await page.locator("#act-resolve textarea").fill("已更换阀门，室温20度。")
    await page.locator("#act-resolve button").click()
    await expect(page.get_by_role("status")).to_contain_text("办理结果已提交")
    assert (await office.ticket(ticket))["last_reply"] == "已更换阀门，室温20度。"
    await page.keyboard.press("/")
    assert await fits(page)


async def test_clicking_twice_tells_the_resident_once(
    chromium: Browser, url: str, office: Office
) -> None:
    ticket = await office.open()
    page = await log_in(chromium, url, "tiancun", DESK)
    await page.goto(f"{url}/console/tickets/{ticket}")
    await page.locator("#act-reply summary").click()
    await page.locator("#act-reply textarea").fill("今晚上门。")
    await page.locator("#act-reply button").dblclick()
    await expect(page.get_by_role("status")).to_contain_text("答复已记录")
    assert await office.notices() == ["“暖气不热”，田村路街道答复：今晚上门。"]


@pytest.mark.parametrize("size", [DESK, PHONE_SIZE], ids=["desk", "phone"])
async def test_every_page_fits_the_screen(
    chromium: Browser, url: str, office: Office, size: ViewportSize
) -> None:
    ticket = await office.open()
    await office.say("人工")
    page = await log_in(chromium, url, "centre", size)
    paths = (
        "",
        f"/tickets/{ticket}",
        "/walk-in",
        "/tasks",
        "/rates",
        "/talks",
        "/calls",
        "/unit/roster",
        "/unit/templates",
        "?q=没有",
    )
    for path in paths:
        await page.goto(f"{url}/console{path}")
        assert await fits(page), path


async def test_a_contact_is_opened_on_a_phone(chromium: Browser, url: str, office: Office) -> None:
    ticket = await office.open()
    page = await log_in(chromium, url, "tiancun", PHONE_SIZE)
    await page.goto(f"{url}/console/tickets/{ticket}")
    await page.get_by_role("button", name="显示联系方式").click()
    await expect(page.get_by_role("link", name="+8613800138000")).to_be_visible()
    assert await fits(page)


@pytest.mark.parametrize("size", [DESK, PHONE_SIZE], ids=["desk", "phone"])
async def test_an_alert_comes_up_on_an_open_page_and_is_taken_there(
    chromium: Browser, url: str, office: Office, valkey: Redis, size: ViewportSize
) -> None:
    page = await log_in(chromium, url, "centre", size)
    await page.goto(f"{url}/console/rates")
    await office.say("再不发工资我们三十个人就去区政府门口拉横幅堵路")
    await live.publish(valkey, [live.CONSOLE])
    await expect(page.get_by_text("讨薪聚集")).to_be_visible()
    assert await fits(page)
    await page.get_by_role("button", name="我来处理").click()
    await expect(page.get_by_text("已接手")).to_be_visible()
    await expect(page.locator(".alarm")).to_have_count(0)
