"""Pictures of our own pages for the README, taken in a headless browser of a city at work."""

import re
import shutil
from pathlib import Path

from aiohttp import ClientSession
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from docs.town import PASSWORD, Phone

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = ViewportSize(width=390, height=780)
LIST = ViewportSize(width=1180, height=350)
DESK = ViewportSize(width=1180, height=760)
MATTERS = (
    "海淀区田村路街道阜石路第一社区5号楼暖气不热",
    "海淀区田村路街道永达社区路灯不亮，晚上很黑",
    "海淀区田村路街道乐府江南社区垃圾堆了三天没人收",
    "海淀区田村路街道兰德华庭社区2号楼电梯坏了",
)


async def take_pictures(url: str, folder: Path) -> None:
    """Take `chat`, `simulator`, `console` and `ticket`, a PNG each, into `folder`."""
    async with ClientSession(url) as client:
        for last, matter in enumerate(MATTERS):
            phone = Phone(client, f"+861380013800{last + 1}")
            await phone.say(matter)
            await phone.say("1")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        await _chat(browser, url, folder)
        await _console(browser, url, folder)
        await _simulator(browser, url, folder)
        await browser.close()


async def _open(browser: Browser, size: ViewportSize, url: str) -> Page:
    page = await browser.new_page(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    await page.goto(url)
    return page


async def _chat(browser: Browser, url: str, folder: Path) -> None:
    page = await _open(browser, PHONE, f"{url}/")
    field = page.get_by_label("说说您的事")
    await field.fill("小区门口井盖没了，田村路街道永达社区")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="对，提交").click()
    await expect(page.get_by_text("已受理")).to_be_visible()
    await page.screenshot(path=folder / "chat.png")


async def _console(browser: Browser, url: str, folder: Path) -> None:
    page = await _open(browser, LIST, f"{url}/console")
    await page.get_by_label("用户名").fill("tiancun")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("table")).to_be_visible()
    await page.screenshot(path=folder / "console.png")
    await page.set_viewport_size(DESK)
    await page.get_by_role("link", name="暖气").click()
    await page.get_by_role("button", name="签收").click()
    await expect(page.get_by_role("status")).to_contain_text("已签收")
    await page.screenshot(path=folder / "ticket.png")


async def _simulator(browser: Browser, url: str, folder: Path) -> None:
    page = await _open(browser, ViewportSize(width=1240, height=760), f"{url}/simulator")
    await expect(page.get_by_text(re.compile("已交田村路街道")).first).to_be_visible()
    await page.get_by_role("button", name=re.compile("拨打")).first.click()
    await expect(page.get_by_text(re.compile("请按")).first).to_be_visible()
    await page.screenshot(path=folder / "simulator.png")
