"""After the ticket: add to it (补充), press for it (催单), withdraw it (撤单)."""

import re

import msgspec

from dialogs.answers import BACK, CANCEL, NO, NONE, UNKNOWN, YES, says
from dialogs.cards import is_open, may_be_added_to, ticket_choices
from dialogs.danger import danger
from dialogs.dialog import Await, Dialog, Finish, Goto, HandOn, Lost, Move, State, Talk
from dialogs.requests import (
    AddToTicket,
    FindTickets,
    TicketCard,
    TicketsFound,
    UrgeTicket,
    WithdrawTicket,
)
from dialogs.said import Choice, Reply, Said
from dialogs.ticket_number import format_number
from dialogs.words import TicketState

_MOST_TEXT = 2000
_ADD = re.compile(
    r"^\s*我?[要想]?(?:再|做)?补充(?:一下|一点|几句|说明|的是|[:：，,。\s])*|^\s*add\s*$",
    re.IGNORECASE,
)


class FollowUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be done (add, urge, withdraw) and to which ticket; `tickets` are those to choose from."""

    act: str = "add"
    tickets: tuple[TicketCard, ...] = ()
    ticket_id: int = 0
    title: str = ""
    pending: str = ""  # what is to be added, when it was said at once
    reopens: bool = False  # it had ended: what is added opens it again


def _begin(act: str) -> State:
    def heard(talk: Talk, data: FollowUp, said: Said) -> Move:
        del talk, data
        pending = _ADD.sub("", said.text).strip() if act == "add" and not said.choice else ""
        return Await(FindTickets(open_only=act != "add"), "found", FollowUp(act, pending=pending))

    return State(hear=heard)


def _hear_found(talk: Talk, data: FollowUp, found: TicketsFound) -> Move:
    fits = may_be_added_to if data.act == "add" else is_open
    tickets = tuple(card for card in found.tickets if fits(card))
    if not tickets:
        return Finish(
            talk.say("You have no open ticket here. For a new matter, just say where and what.")
        )
    if len(tickets) == 1:
        return act_on(talk, data, tickets[0])
    return Goto("choose", msgspec.structs.replace(data, tickets=tickets))


def act_on(talk: Talk, data: FollowUp, card: TicketCard) -> Move:
    """Do it, or ask first what has to be asked."""
    data = FollowUp(data.act, (), card.ticket_id, card.title, data.pending, not is_open(card))
    if data.pending:
        return _add(talk, data, Said(data.pending))
    if data.act != "urge":
        return Goto(data.act, data)
    return pressed(talk, card)


def pressed(talk: Talk, card: TicketCard) -> Finish:
    """Press for a ticket; who presses often hears that the unit's head is told."""
    if card.state is TicketState.TRIAGE:
        say = talk.say(
            "I have chased up “{title}” for you; 12345 is finding who handles it.",
            title=card.title,
        )
    elif card.head_hears:
        say = talk.say(
            "I have chased up “{title}” for you, this time with the head of the unit.",
            title=card.title,
        )
    else:
        say = talk.say(
            "I have chased up “{title}” for you; the unit is told at once.", title=card.title
        )
    return Finish(say, (UrgeTicket(card.ticket_id),), last_ticket=card.ticket_id)


def _ask_choose(talk: Talk, data: FollowUp) -> Reply:
    return Reply(talk.say("Which one?"), ticket_choices(talk, data.tickets))


def _hear_choose(talk: Talk, data: FollowUp, said: Said) -> Move:
    chosen = next((card for card in data.tickets if str(card.ticket_id) == said.choice), None)
    if chosen is not None:
        return act_on(talk, data, chosen)
    if says(said, BACK | CANCEL | NONE) or UNKNOWN.search(said.text):
        return Finish(talk.say("All right, nothing is changed."))
    if _is_new_matter(talk, said):
        return HandOn()
    return Lost(talk.say("Please say the number in front of the ticket."))


def _ask_add(talk: Talk, data: FollowUp) -> Reply:
    if talk.facts.brief:  # no photos there
        return Reply(talk.say("What shall I add to “{title}”?", title=data.title))
    text = talk.say("What shall I add to “{title}”? Words or photos.", title=data.title)
    return Reply(text, photo=True)


def _hear_add(talk: Talk, data: FollowUp, said: Said) -> Move:
    if says(said, BACK | CANCEL | NONE):
        return Finish(talk.say("All right, nothing is changed."))
    if not said.text.strip() and not said.attachments and said.pin is None:
        return Lost(talk.say("Write what is to be added, or send a photo."))
    return _add(talk, data, said)


def _add(talk: Talk, data: FollowUp, said: Said) -> Move:
    text = said.text.strip()[:_MOST_TEXT]
    added = AddToTicket(data.ticket_id, text, said.attachments, pin=said.pin)
    number = format_number(data.ticket_id)
    thanks = talk.say("Added to ticket {number}.", number=number)
    if data.reopens:
        thanks = talk.say(
            "“{title}” is handled anew. You need not tell it again.", title=data.title
        )
    if text and talk.facts.reader.understand(text).emergency:
        thanks = f"{danger(talk, text)}\n{thanks}"
    return Finish(thanks, (added,), last_ticket=data.ticket_id)


def _ask_withdraw(talk: Talk, data: FollowUp) -> Reply:
    question = talk.say("Withdraw “{title}”? Nobody will go on with it then.", title=data.title)
    choices = (Choice("yes", talk.say("Withdraw")), Choice("no", talk.say("Keep it")))
    return Reply(question, choices)


def _hear_withdraw(talk: Talk, data: FollowUp, said: Said) -> Move:
    if says(said, YES | {"撤", "撤单", "撤回", "撤销", "withdraw"}, "yes"):
        done = talk.say("“{title}” is withdrawn.", title=data.title)
        return Finish(done, (WithdrawTicket(data.ticket_id),))
    keeps = says(said, NO | NONE | BACK | CANCEL | {"不撤", "不撤了", "keep"}, "no")
    if keeps or UNKNOWN.search(said.text):
        return Finish(talk.say("All right, nothing is changed."))
    if _is_new_matter(talk, said):
        return HandOn()
    return Lost(talk.say("“Withdraw” ends it, “keep it” leaves all as it is."))


def _is_new_matter(talk: Talk, said: Said) -> bool:
    if not said.text or said.choice:
        return False
    understood = talk.facts.reader.understand(said.text)
    return understood.emergency or (understood.has_matter and bool(understood.topic))


FOLLOW_UP = Dialog(
    name="follow_up",
    data=FollowUp,
    states={
        "choose": State(hear=_hear_choose, ask=_ask_choose),
        "begin_add": _begin("add"),
        "begin_urge": _begin("urge"),
        "begin_withdraw": _begin("withdraw"),
        "found": State(hear=_hear_found),
        "add": State(hear=_hear_add, ask=_ask_add, media=True),
        "withdraw": State(
            hear=_hear_withdraw, ask=_ask_withdraw, own_words=frozenset({"撤单", "withdraw"})
        ),
    },
    first="choose",
    patience=(1800,),
    commands={
        **dict.fromkeys(("补充", "add"), "begin_add"),
        **dict.fromkeys(("催单", "催办", "催一下", "催", "urge"), "begin_urge"),
        **dict.fromkeys(("撤单", "撤销", "撤回", "withdraw"), "begin_withdraw"),
    },
)
