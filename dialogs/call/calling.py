"""What the states of a call share: its data, the matter that lies below, and where to go when a person has gone."""

import msgspec

from dialogs.dialog import Goto, Move, Talk
from dialogs.intake.draft import Intake
from dialogs.session import Frame
from dialogs.survey import Survey

CALL = "call"


class Calling(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a person is wanted, whether a call-back is owed, and whether the place of a danger is still to be told."""

    reason: str = "asked"
    owed: bool = False
    place_open: bool = False


def last_matter(frames: tuple[Frame, ...]) -> str:
    """The title of what is being told or asked, "" when it has none yet."""
    for frame in reversed(frames):
        if frame.dialog == "intake":
            intake = frame.read(Intake)
            return intake.draft.title if intake is not None else ""
        if frame.dialog == "survey":
            survey = frame.read(Survey)
            return survey.title if survey is not None else ""
    return ""


def words_of_matter(frames: tuple[Frame, ...]) -> str:
    """All that was told of the matter under way, for the person who comes."""
    for frame in reversed(frames):
        if frame.dialog == "intake":
            intake = frame.read(Intake)
            return intake.draft.matter if intake is not None else ""
    return ""


def after_talk(talk: Talk) -> Move:
    """The person has hung up: what was open before may go on, else there may be something else."""
    return Goto("resume" if talk.session.frames[:-1] else "more", Calling())
