"""Messages over web chat: what is taken, and what both sides read."""

import pytest

from channels import webchat
from dialogs.said import Attachment, Choice, Pin, Reply, Said
from dialogs.words import Language
from store.database import Pool
from tests.photos import png
from tests.webchat.client import COMPLAINT, Client, problem_of, read
from tests.webchat.small_city import NOW, SmallTurns


def test_the_channel_shows_buttons_and_renders_one_part() -> None:
    channel = webchat.channel()
    reply = Reply("对吗？", (Choice("yes", "对"),), prompt=3)
    assert (channel.name, channel.send, channel.webhooks) == ("webchat", None, ())
    assert channel.abilities.buttons
    assert channel.abilities.mailbox
    assert channel.render(reply, Language.CHINESE) == ("对吗？",)


def test_only_a_token_of_ours_is_an_address_and_its_mask_opens_nothing() -> None:
    token = "A" * 43
    assert webchat.normalise(token) == token
    assert webchat.normalise("admin") is None
    assert webchat.normalise(token + "\n") is None
    assert token not in webchat.mask(token)


async def test_a_message_is_answered_with_its_place_and_the_reply(browser: Client) -> None:
    answer = await browser.post("/chat/messages", json=COMPLAINT)
    posted = await answer.json()
    assert (answer.status, posted["seq"]) == (200, 1)
    assert [(m["seq"], m["ours"], m["prompt"]) for m in posted["messages"]] == [(2, True, 1)]
    assert [c["label"] for c in posted["messages"][0]["choices"]] == ["对，提交", "不对，要改"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_repeated_message_has_one_effect_and_keeps_its_place(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    again = await browser.post("/chat/messages", json=COMPLAINT)
    assert (await again.json())["seq"] == 1
    assert [m["seq"] for m in await read(browser)] == [1, 2]


async def test_the_same_message_id_in_two_browsers_is_two_messages(
    browser: Client, other: Client
) -> None:
    for each in (browser, other):
        assert (
            len((await (await each.post("/chat/messages", json=COMPLAINT)).json())["messages"]) == 1
        )


async def test_everything_said_reaches_the_turn(browser: Client, turns: SmallTurns) -> None:
    photo = await (await browser.post("/chat/media", data=png())).json()
    said = {
        "id": "11111111-aaaa",
        "text": " 暖气\u0000不热 ",
        "choice": "yes",
        "prompt": 3,
        "attachments": [photo["id"]],
        "pin": {"latitude": 39.9, "longitude": 116.4, "accuracy": 12.5},
    }
    await browser.post("/chat/messages", json=said)
    inbound = turns.taken[0]
    assert inbound.said == Said(
        text="暖气不热",
        choice="yes",
        prompt=3,
        attachments=(Attachment(photo["id"], "image/png"),),
        pin=Pin(39.9, 116.4, accuracy_meters=12.5),
    )
    assert (inbound.channel, inbound.received_at, inbound.inline) == ("webchat", NOW, False)


async def test_a_message_that_waits_in_the_spool_is_accepted(
    browser: Client, turns: SmallTurns
) -> None:
    turns.away = True
    answer = await browser.post("/chat/messages", json=COMPLAINT)
    assert answer.status == 202
    assert (await answer.json())["spooled"] is True


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"id": "11111111-aaaa"}, 400, "malformed"),
        ({"id": "11111111-aaaa", "text": "  "}, 400, "malformed"),
        ({"text": "no id"}, 400, "malformed"),
        ({"id": "short", "text": "x"}, 400, "malformed"),
        ({"id": "a:b:c:d:e:f", "text": "x"}, 400, "malformed"),
        ({"id": "11111111-aaaa", "text": 5}, 400, "malformed"),
        ({"id": "11111111-aaaa", "text": "x", "more": 1}, 400, "malformed"),
        ({"id": "11111111-aaaa", "attachments": ["unknown"]}, 400, "malformed"),
        ({"id": "11111111-aaaa", "attachments": ["x"] * 11}, 400, "malformed"),
        ({"id": "11111111-aaaa", "pin": {"latitude": 91, "longitude": 0}}, 400, "malformed"),
        ([1], 400, "malformed"),
        ({"id": "11111111-aaaa", "text": "长" * 4001}, 413, "too-long"),
        ({"id": "11111111-aaaa", "text": "长" * 40_000}, 413, "too-long"),
    ],
)
async def test_a_message_that_is_not_well_formed_is_refused(
    browser: Client, turns: SmallTurns, body: object, status: int, kind: str
) -> None:
    answer = await browser.post("/chat/messages", json=body)
    assert (answer.status, await problem_of(answer)) == (status, kind)
    assert turns.taken == []


async def test_four_thousand_characters_are_taken(browser: Client) -> None:
    answer = await browser.post("/chat/messages", json=COMPLAINT | {"text": "长" * 4000})
    assert answer.status == 200


async def test_a_flood_from_one_browser_is_slowed_down(browser: Client) -> None:
    for number in range(30):
        sent = await browser.post("/chat/messages", json={"id": f"flood-{number:04}", "text": "x"})
        assert sent.status == 200
    answer = await browser.post("/chat/messages", json={"id": "flood-last", "text": "x"})
    assert (answer.status, await problem_of(answer)) == (429, "too-often")
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_page_reads_both_sides_from_where_it_was(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await browser.post("/chat/messages", json={"id": "22222222", "choice": "yes", "prompt": 1})
    everything = await read(browser)
    assert [(m["seq"], m["ours"]) for m in everything] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
    ]
    assert everything[0]["id"] == COMPLAINT["id"]
    assert await read(browser, after=2) == everything[2:]
    assert await read(browser, after=4) == []


async def test_a_pressed_button_reads_as_what_stood_on_it(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await browser.post("/chat/messages", json={"id": "22222222", "choice": "yes", "prompt": 1})
    pressed = (await read(browser, after=2))[0]
    assert (pressed["text"], pressed["choice"]) == ("对，提交", "yes")


async def test_a_button_of_the_greeting_reads_as_what_stood_on_it(browser: Client) -> None:
    await browser.post("/chat/messages", json={"id": "22222222", "choice": "command:status"})
    assert (await read(browser))[0]["text"] == "查进度"


async def test_what_the_city_tells_itself_is_not_shown(browser: Client, pool: Pool) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await pool.execute(
        "insert into inbound (channel, key, conversation_id, seq, said, received_at)"
        " select 'internal', 'survey:1', id, 9, '{\"type\":\"SurveyDue\"}', now() from conversations"
    )
    assert [m["seq"] for m in await read(browser)] == [1, 2]


async def test_nobody_reads_anothers_conversation(browser: Client, other: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    assert await read(other) == []


async def test_an_after_that_is_no_sequence_is_refused(browser: Client) -> None:
    for after in ("-1", "x", "9" * 30):
        answer = await browser.get("/chat/messages", params={"after": after})
        assert (answer.status, await problem_of(answer)) == (400, "malformed")


async def test_what_was_seen_only_moves_forward_and_never_past_the_end(
    browser: Client, pool: Pool
) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    for seq, seen in ((1, 1), (99, 2), (1, 2)):
        assert (await browser.post("/chat/seen", json={"seq": seq})).status == 204
        assert await pool.fetchval("select seen_seq from conversations") == seen
    assert (await (await browser.get("/chat/messages")).json())["seen"] == 2
