"""The resident's page loses and doubles nothing, whatever the network does."""

from playwright.async_api import (
    Browser,
    expect,
)

from tests.webchat.phone import (
    PHONE,
    TALK,
    Site,
    lose_the_answer,
    once,
    phone,
    picture,
    refuse_posts,
    shows,
    tell,
)


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
