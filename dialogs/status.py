"""The state of a ticket (查询): one's own at once, by number with a proof."""

import re

import msgspec

from dialogs.answers import BACK, CANCEL, NO, NONE, THANKS, UNKNOWN, says
from dialogs.cards import card_text, is_open, may_be_added_to, ticket_choices
from dialogs.dialog import Await, Dialog, Finish, Goto, HandOn, Lost, Move, Start, State, Talk
from dialogs.follow_up import FollowUp, pressed
from dialogs.requests import FindTickets, TicketCard, TicketsFound
from dialogs.said import Choice, Reply, Said
from dialogs.ticket_number import format_number, looks_like_number, parse_number
from dialogs.understanding.numerals import digits

_OTHER = "other"
_PROOF = re.compile(r"\d{4}")
_WITHOUT = re.compile(r"没有?(?:编号|单号|号码?|短信)|找不[到着]|丢了|删了|don'?t have|lost it")
_LONGEST_WITHOUT_MATTER = 6


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """The tickets to choose from, or the number that was asked for."""

    tickets: tuple[TicketCard, ...] = ()
    ticket_id: int = 0


def _begin(talk: Talk, data: Status, said: Said) -> Move:
    del talk, data, said
    return Await(FindTickets(), "found", Status())


def _hear_found(talk: Talk, data: Status, found: TicketsFound) -> Move:
    del data
    if not found.tickets:
        say = [talk.say("No ticket was opened from this address.")]
        if talk.facts.linkable:
            say.append(talk.say("Told us by SMS or phone? Reply “link my phone” to find it here."))
        return Goto("number", Status(), talk.gap.join(say))
    if len(found.tickets) == 1:
        return Goto("card", Status(found.tickets))
    return Goto("choose", Status(found.tickets))


def _ask_choose(talk: Talk, data: Status) -> Reply:
    other = Choice(_OTHER, talk.say("Another number"))
    return Reply(talk.say("Which one?"), (*ticket_choices(talk, data.tickets), other))


def _hear_choose(talk: Talk, data: Status, said: Said) -> Move:
    chosen = tuple(card for card in data.tickets if str(card.ticket_id) == said.choice)
    if chosen:
        return Goto("card", Status(chosen))
    if said.choice == _OTHER:
        return Goto("number", Status())
    if says(said, BACK | CANCEL | THANKS | NONE):
        return Finish(talk.say("All right."))
    return _hear_number(talk, data, said)


def _ask_number(talk: Talk, data: Status) -> Reply:
    del data
    return Reply(talk.say("What is the ticket number? It has 13 digits."), digits=13)


def _hear_number(talk: Talk, data: Status, said: Said) -> Move:
    ticket_id = parse_number(said.text)
    if ticket_id is not None:
        return Await(FindTickets(ticket_id), "found_by_number", Status((), ticket_id))
    if looks_like_number(said.text):
        return Lost(talk.say("That number seems mistyped; please compare it with our message."))
    without = UNKNOWN.search(said.text) or _WITHOUT.search(said.text)
    if without or says(said, NO | NONE | BACK | CANCEL | THANKS):
        return Finish(
            talk.say("All right. Without the number a person can look for it: reply “human”.")
        )
    if _is_another_matter(talk, said) or _answers_below(talk, said):
        return HandOn()
    return Lost(talk.say("The number looks like 261123-000123-4 and stands in our message."))


def _answers_below(talk: Talk, said: Said) -> bool:
    """Words without any digit rather answer the question that was open before."""
    has_digit = any("0" <= character <= "9" for character in digits(said.text))
    return len(talk.session.frames) > 1 and bool(said.text) and not has_digit


def _is_another_matter(talk: Talk, said: Said) -> bool:
    if said.choice or len(said.text) < _LONGEST_WITHOUT_MATTER:
        return bool(said.text) and talk.facts.reader.understand(said.text).emergency
    return talk.facts.reader.understand(said.text).has_matter


def _hear_found_by_number(talk: Talk, data: Status, found: TicketsFound) -> Move:
    del talk
    if found.tickets:
        return Goto("card", Status(found.tickets[:1]))
    return Goto("proof", data)


def _ask_proof(talk: Talk, data: Status) -> Reply:
    number = format_number(data.ticket_id)
    return Reply(
        talk.say("For {number}: the last 4 digits of the phone it was opened with?", number=number),
        digits=4,
    )


def _hear_proof(talk: Talk, data: Status, said: Said) -> Move:
    written = re.sub(r"\D", "", digits(said.text))
    if _PROOF.fullmatch(written):
        return Await(FindTickets(data.ticket_id, written), "proved", data)
    if parse_number(said.text) is not None:
        return _hear_number(talk, data, said)
    if says(said, NO | NONE | BACK | CANCEL) or UNKNOWN.search(said.text):
        return Finish(_refusal(talk))
    if _is_another_matter(talk, said):
        return HandOn()
    return Lost(talk.say("Just the 4 last digits, for example 0123."))


def _hear_proved(talk: Talk, data: Status, found: TicketsFound) -> Move:
    del data
    if not found.tickets:
        return Finish(_refusal(talk))
    card = found.tickets[0]
    if card.own:
        return Goto("card", Status((card,)))
    return Finish(card_text(talk, card))  # four digits let somebody look, not act


def _refusal(talk: Talk) -> str:
    return talk.say(
        "Number and phone do not match, so I may not show it. A person can help: reply “human”."
    )


def _ask_card(talk: Talk, data: Status) -> Reply:
    card = data.tickets[0]
    choices = [Choice("add", talk.say("Add"))] if may_be_added_to(card) else []
    if is_open(card):
        choices += [Choice("urge", talk.say("Chase up")), Choice("withdraw", talk.say("Withdraw"))]
    if not talk.facts.brief:  # any other word leads back too
        choices.append(Choice("back", talk.say("Back")))
    return Reply(card_text(talk, card), tuple(choices))


def _hear_card(talk: Talk, data: Status, said: Said) -> Move:
    card = data.tickets[0]
    other = FollowUp(said.choice, (), card.ticket_id, card.title, reopens=not is_open(card))
    if said.choice in {"add", "withdraw"}:
        return Start("follow_up", said.choice, other)
    if said.choice == "urge":
        return pressed(talk, card)
    if says(said, BACK | CANCEL | THANKS | NONE, "back"):
        return Finish(talk.say("All right."))
    if parse_number(said.text) is not None:
        return _hear_number(talk, data, said)
    return HandOn()


STATUS = Dialog(
    name="status",
    data=Status,
    states={
        "number": State(hear=_hear_number, ask=_ask_number),
        "mine": State(hear=_begin),
        "by_number": State(hear=_hear_number),
        "found": State(hear=_hear_found),
        "choose": State(hear=_hear_choose, ask=_ask_choose),
        "found_by_number": State(hear=_hear_found_by_number),
        "proof": State(hear=_hear_proof, ask=_ask_proof),
        "proved": State(hear=_hear_proved),
        "card": State(hear=_hear_card, ask=_ask_card, passing=True),
    },
    first="number",
    patience=(1800,),
    commands=dict.fromkeys(
        (
            "查询",
            "查进度",
            "进度",
            "查",
            "查单",
            "查工单",
            "查询进度",
            "我的工单",
            "status",
            "my tickets",
            "progress",
        ),
        "mine",
    ),
)
