"""The resident's page in a real browser."""

import pytest
from playwright.async_api import (
    Browser,
    FilePayload,
    expect,
)

from store.database import Pool
from tests.photos import png
from tests.webchat.phone import NARROW, TALK, Site, bubbles, phone, picture, shows, tell


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


async def test_a_recording_is_sent_and_can_be_listened_to(chromium: Browser, site: Site) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        sound = FilePayload(name="我家.ogg", mimeType="audio/ogg", buffer=b"OggS".ljust(999, b"\1"))
        paper = FilePayload(
            name="合同.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7".ljust(99)
        )
        await page.set_input_files("#files", [sound, paper])
        await expect(page.locator("#tray .done")).to_have_count(2)
        await tell(page, "听一下")
        await expect(page.locator("audio.sound")).to_have_count(1)
        await expect(page.locator("a.file")).to_have_text("PDF文件")


async def test_a_file_that_is_no_photo_is_refused_in_words(chromium: Browser, site: Site) -> None:
    async with site.up() as url, phone(chromium, url) as page:
        fake = FilePayload(name="x.png", mimeType="image/png", buffer=b"GIF89a" * 20)
        await page.set_input_files("#files", [fake])
        await expect(page.get_by_role("alert")).to_have_text("只能发照片、录音和PDF文件。")
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
