"""Others have told the same matter close by: join theirs (并案), or submit it alone; the question confirms either way."""

import msgspec

from dialogs.answers import NO, agrees, says
from dialogs.dialog import Goto, Lost, Move, State, Talk
from dialogs.intake.confirming import submit
from dialogs.intake.correcting import correct
from dialogs.intake.draft import Intake
from dialogs.intake.flow import go_on, intake_state
from dialogs.names import kind_name
from dialogs.requests import RelatedFound
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.place import Place
from dialogs.understanding.reader import Understood
from dialogs.words import Kind, Language

_JOIN = frozenset({"并", "并进去", "合并", "一起", "一起办", "并到一起", "加入", "join"})
_NOT_COUNTED = 100
_ALONE = frozenset({"单独", "单独提交", "单独办", "不并", "分开", "alone", "separate"})


def offer(intake: Intake, found: RelatedFound) -> Move | None:
    """Tell that others wait for the same, None when there are none."""
    if found.nearby is None:
        return None
    return Goto("nearby", msgspec.structs.replace(intake, nearby=found.nearby))


def _ask(talk: Talk, intake: Intake) -> Reply:
    others = intake.nearby
    if others is None:
        return Reply(talk.say("Shall I submit it?"))
    slots = {
        "kind": kind_name(talk, intake.draft.kind),
        "title": intake.draft.title,
        "count": _how_many(talk, others.residents),
        "unit": others.unit or talk.say("the centre"),
    }
    if talk.facts.brief:
        place = _short_place(talk, others.place)
        text = talk.say(
            "{kind} “{title}”, {place}: {count} told it, {unit} is on it. Together?",
            place=place,
            **slots,
        )
        choices = Choice("join", talk.say("Together")), Choice("alone", talk.say("Alone"))
        return Reply(text, choices)
    place = talk.facts.reader.full_name(intake.draft.place, talk.language)
    text = talk.say(
        "{kind} “{title}”, {place}. {count} residents nearby have told the same, and {unit} is working "
        "on it. Shall yours be handled together with theirs?",
        place=place,
        **slots,
    )
    join = Choice("join", talk.say("Together; tell me how it goes"))
    return Reply(text, (join, Choice("alone", talk.say("Submit it alone"))), photo=True)


def _how_many(talk: Talk, residents: int) -> str:
    if residents < _NOT_COUNTED:
        return str(residents)
    return talk.say("over {count}", count=_NOT_COUNTED - 1)


def _short_place(talk: Talk, place: Place) -> str:
    """The common place without the names above it."""
    reader = talk.facts.reader
    if place.detail:
        return place.detail
    known = reader.community(place.community) or reader.street(place.street)
    if known is None or talk.language is not Language.CHINESE:
        return reader.full_name(place, talk.language)
    return known.name


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    others = intake.nearby
    if others is not None and (agrees(said, "join") or says(said, _JOIN)):
        draft = msgspec.structs.replace(intake.draft, joined_to=others.ticket_id)
        return submit(msgspec.structs.replace(intake, draft=draft), talk)
    if others is None or says(said, NO | _ALONE, "alone"):
        return _alone(talk, intake)
    if understood is None:
        return Lost()
    return correct(talk, msgspec.structs.replace(intake, looked_for=""), said.text)


def _alone(talk: Talk, intake: Intake) -> Move:
    """All was shown in the question: it is submitted, unless something is still to be asked."""
    intake = msgspec.structs.replace(intake, nearby=None)
    if intake.draft.kind is Kind.COMPLAINT and not intake.confidential_done:
        return go_on(talk, intake)
    return submit(intake, talk)


STATES: dict[str, State] = {"nearby": intake_state("nearby", _ask, _hear)}
