from dataclasses import replace

import msgspec
import pytest

from dialogs.dialog import Await, Dialog, Finish, Goto, Lost, Move, State
from dialogs.dialog import Talk as Given
from dialogs.engine import Repertoire, step
from dialogs.requests import CallHuman, FindTickets, Silence, TicketsFound, UrgeTicket
from dialogs.said import Choice, Reply, Said
from dialogs.session import Frame, Session, dump, load
from dialogs.stepping import DialogError
from tests.transcript import Talk, facts, play, sms


class Count(msgspec.Struct, frozen=True):
    heard: int = 0


def _ask(talk: Given, data: Count) -> Reply:
    return Reply(f"heard {data.heard}", (Choice("a", "first"), Choice("b", "second")))


def _hear(talk: Given, data: Count, said: Said) -> Move:
    match said.choice or said.text:
        case "a":
            return Goto("open", Count(data.heard + 1), "picked a")
        case "b":
            return Await(FindTickets(), "found", data)
        case "end":
            return Finish("bye", last_ticket=7)
        case "urge":
            return Await(UrgeTicket(1), "found", data)
        case _:
            return Lost("hint")


def _found(talk: Given, data: Count, found: TicketsFound) -> Move:
    return Goto("open", data, f"found {len(found.tickets)}")


ECHO = Dialog(
    name="echo",
    data=Count,
    states={"open": State(hear=_hear, ask=_ask), "found": State(hear=_found)},
    first="open",
    patience=(60,),
    commands={"again": "open"},
)
ALONE = Repertoire({"echo": ECHO}, fallback="echo", survey="echo")


def say(session: Session, text: str, choice: str = "", prompt: int = 0) -> tuple[Session, str]:
    made = step(load(dump(session)), Said(text, choice, prompt), facts(), ALONE)
    return made.session, "\n".join(reply.text for reply in made.replies)


@pytest.mark.parametrize("text", ["1", "１", "第一个", "一", "first", "FIRST"])
def test_a_number_or_the_label_picks_a_choice_of_the_open_question(text: str) -> None:
    session, _ = say(Session(), "x")
    session, reply = say(session, text)
    assert reply == "picked a\nheard 1"


def test_an_idle_talk_has_no_choices_to_pick() -> None:
    _, reply = say(Session(), "1")
    assert "hint" in reply


def test_an_earlier_button_is_told_to_be_old_and_changes_nothing() -> None:
    session, _ = say(Session(), "x")
    session, _ = say(session, "a")
    session, reply = say(session, "", "a", session.prompt - 1)
    assert reply == "那个按钮是之前问题的。\nheard 1"


def test_every_question_has_a_prompt_number_of_its_own() -> None:
    session, _ = say(Session(), "x")
    first = session.prompt
    session, _ = say(session, "a")
    assert session.prompt == first + 1


def test_what_the_city_is_asked_is_answered_in_a_second_step() -> None:
    session, _ = say(Session(), "x")
    asked = step(session, Said("2"), facts(), ALONE)
    assert asked.awaited == FindTickets()
    assert asked.replies == ()
    told = step(load(dump(asked.session)), TicketsFound(), facts(), ALONE)
    assert told.replies[0].text == "found 0\nheard 0"


def test_an_answer_that_nobody_waits_for_is_let_go() -> None:
    session, _ = say(Session(), "x")
    assert step(session, TicketsFound(), facts(), ALONE).replies == ()


def test_a_lost_answer_of_the_city_does_not_block_the_talk() -> None:
    session, _ = say(Session(), "x")
    waiting = step(session, Said("2"), facts(), ALONE).session
    _, reply = say(waiting, "a")
    assert reply == "picked a\nheard 1"


def test_a_request_that_is_never_answered_cannot_be_awaited() -> None:
    session, _ = say(Session(), "x")
    with pytest.raises(DialogError):
        say(session, "urge")


def test_misunderstandings_are_told_in_other_words_and_end_with_a_person() -> None:
    first = step(Session(), Said("???"), facts(), ALONE)
    second = step(first.session, Said("???"), facts(), ALONE)
    third = step(second.session, Said("???"), facts(), ALONE)
    assert len({made.replies[0].text for made in (first, second, third)}) == 3
    assert second.replies[0].choices[-1].id == "command:human"
    assert third.requests == (CallHuman("misunderstood"),)


def test_an_understood_answer_ends_the_count_of_misunderstandings() -> None:
    session, _ = say(Session(), "?")
    session, _ = say(session, "a")
    assert session.misses == 0


def test_dialogs_and_states_of_a_later_version_are_left_without_an_error() -> None:
    unknown = Session(frames=(Frame("echo", "gone"), Frame("nobody", "knows")))
    _, reply = say(unknown, "a")
    assert reply == "picked a\nheard 1"
    broken = Session(frames=(Frame("echo", "open", msgspec.Raw(b'{"heard": "many"}')),))
    assert say(broken, "a")[1] == "picked a\nheard 1"
    assert load('{"language":"en","later":1}') == load('{"language":"en"}')


def test_a_late_silence_does_nothing() -> None:
    session, _ = say(Session(), "x")
    assert step(session, Silence(1), facts(), ALONE).replies == ()
    assert step(Session(), Silence(0), facts(), ALONE).replies == ()


def test_the_last_ticket_is_remembered() -> None:
    session, _ = say(Session(), "x")
    session, reply = say(session, "end")
    assert (session.last_ticket, session.frames, reply) == (7, (), "bye")


def test_no_word_begins_two_dialogs_and_the_first_state_asks() -> None:
    with pytest.raises(DialogError):
        Repertoire({"a": ECHO, "b": replace(ECHO, name="b")}, fallback="a", survey="a")
    with pytest.raises(DialogError):
        Repertoire({"a": replace(ECHO, first="found")}, fallback="a", survey="a")


def test_the_same_dialog_is_never_twice_on_the_stack() -> None:
    talk = Talk(sms())
    for word in ("暖气不热", "查询", "帮助", "查询", "语言", "查询"):
        talk.say(word)
    names = [frame.dialog for frame in talk.session.frames]
    assert len(names) == len(set(names))


def test_a_pressed_command_works_whatever_was_asked_before() -> None:
    talk = play("> 帮助\n> 暖气不热\n", facts())
    assert "正在为您转人工" in talk.press("command:human")
