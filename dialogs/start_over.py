"""Starting over (重来): everything under way is dropped; answers already given to a survey stay."""

import msgspec

from dialogs.dialog import Dialog, Finish, Move, State, Talk
from dialogs.requests import FinishSurvey
from dialogs.said import Reply, Said
from dialogs.survey import SURVEY, Survey


class Fresh(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _drop(talk: Talk, data: Fresh, said: Said) -> Move:
    del data, said
    surveys = [
        survey
        for frame in talk.session.frames
        if frame.dialog == SURVEY.name and (survey := frame.read(Survey)) is not None
    ]
    ended = tuple(FinishSurvey(survey.survey_id, expired=True) for survey in surveys)
    if talk.session.waiting:  # a survey asks next
        text = talk.say("A fresh start.")
    else:
        text = talk.say("A fresh start. Please say where it is and what happened.")
    return Finish(text, ended, abandon_all=True)


def _ask(talk: Talk, data: Fresh) -> Reply:
    del data
    return Reply(talk.say("Please say where it is and what happened."))


START_OVER = Dialog(
    name="start_over",
    data=Fresh,
    states={"asked": State(hear=_drop, ask=_ask), "dropped": State(hear=_drop)},
    first="asked",
    patience=(1800,),
    commands=dict.fromkeys(("重来", "重新开始", "从头来", "start over", "restart"), "dropped"),
)
