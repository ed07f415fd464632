"""Which browser talks, and that no other page can talk for it."""

import json

import pytest
from aiohttp import web

from channels import webchat
from gateway.browser import COOKIE
from tests.webchat.client import COMPLAINT, Client, MakeClient, problem_of
from tests.webchat.small_city import SmallTurns


async def test_a_first_visit_gets_a_secret_that_no_script_can_read(
    aiohttp_client: MakeClient, app: web.Application
) -> None:
    answer = await (await aiohttp_client(app)).get("/")
    cookie = answer.cookies[COOKIE]
    assert webchat.normalise(cookie.value)
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert int(cookie["max-age"]) == 180 * 24 * 3600


async def test_a_secret_that_we_did_not_make_is_replaced(
    aiohttp_client: MakeClient, app: web.Application
) -> None:
    client = await aiohttp_client(app)
    answer = await client.get("/", headers={"Cookie": f"{COOKIE}=chosen-by-somebody"})
    assert webchat.normalise(answer.cookies[COOKIE].value)


async def test_the_page_runs_no_script_but_ours_and_is_never_kept(browser: Client) -> None:
    answer = await browser.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script>" not in await answer.text()


async def test_assets_are_kept_for_ever_under_names_that_change_with_them(browser: Client) -> None:
    page = await (await browser.get("/")).text()
    url = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = await browser.get(url)
    assert (answer.status, answer.content_type) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert (await browser.get("/static/chat.css")).status == 404
    assert (await browser.get("/static/../templates/chat.html")).status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/media", "/chat/seen"])
async def test_no_other_site_can_speak_for_a_resident(
    browser: Client, turns: SmallTurns, headers: dict[str, str], path: str
) -> None:
    answer = await browser.post(path, json=COMPLAINT, headers=headers)
    assert (answer.status, await problem_of(answer)) == (403, "foreign-page")
    assert turns.taken == []


async def test_our_own_page_may_speak_at_the_public_address(browser: Client) -> None:
    headers = {"Origin": "https://12345.example", "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/chat/messages", json=COMPLAINT, headers=headers)).status == 200


async def test_a_form_of_another_site_is_no_message(browser: Client) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = await browser.post("/chat/messages", data=json.dumps(COMPLAINT), headers=headers)
    assert (answer.status, await problem_of(answer)) == (415, "not-json")
