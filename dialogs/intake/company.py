"""Which enterprise is it? Asked once, where several answer for a topic by themselves and none is named."""

import msgspec

from dialogs.answers import NO, NONE, UNKNOWN, says
from dialogs.dialog import Move, State, Talk
from dialogs.intake.draft import Intake, with_matter
from dialogs.intake.flow import go_on, intake_state
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.reader import Understood
from dialogs.understanding.reading import MOST_CHOICES

_LONGEST_LABEL = 12


def _ask(talk: Talk, intake: Intake) -> Reply:
    """Those there is no room for are named in words."""
    reader = talk.facts.reader
    topic = reader.topic(intake.draft.topic)
    found = [reader.enterprise(code) for code in topic.enterprises] if topic else []
    choices = (
        Choice(one.code, (one.label or one.name)[:_LONGEST_LABEL])
        for one in found
        if one is not None
    )
    question = talk.say("Which company is it about? Not sure: say so.")
    return Reply(question, tuple(choices)[:MOST_CHOICES])


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    """Whatever else is said belongs to the matter; the department over them finds out which it is."""
    draft, topic = intake.draft, talk.facts.reader.topic(intake.draft.topic)
    if topic is not None and said.choice in topic.enterprises:
        draft = msgspec.structs.replace(draft, enterprise=said.choice)
    elif understood is not None and understood.enterprise:
        draft = msgspec.structs.replace(draft, enterprise=understood.enterprise)
    intake = msgspec.structs.replace(intake, draft=draft, company_done=True)
    if said.choice or understood is None:
        return go_on(talk, intake)
    if UNKNOWN.search(said.text) or says(said, NO | NONE) or not understood.has_matter:
        return go_on(talk, intake)
    return go_on(talk, with_matter(intake, said.text, understood), talk.say("Added."))


STATES: dict[str, State] = {"company": intake_state("company", _ask, _hear)}
