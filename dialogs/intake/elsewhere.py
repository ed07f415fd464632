"""What others than the hotline answer for: the resident is told where to go, and may have it taken down all the same."""

import msgspec

from dialogs.answers import NO, NONE, agrees, says
from dialogs.dialog import Finish, Lost, Move, State, Talk
from dialogs.intake.draft import Intake, corrected, tells, with_matter, with_place
from dialogs.intake.flow import go_on, intake_state
from dialogs.phrases import phrase
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.elsewhere import NUMBERS, Elsewhere, elsewhere
from dialogs.understanding.reader import Understood

REFERRED = "elsewhere"
_WHERE: dict[Elsewhere, str] = {
    Elsewhere.COURT: phrase("Courts decide for themselves; we cannot step in. Ask {number}."),
    Elsewhere.PROSECUTION: phrase("The prosecutor's office answers for this: dial {number}."),
    Elsewhere.PETITION: phrase(
        "Your petition is under way: the office that took it answers you, also on its website."
    ),
    Elsewhere.ARBITRATION: phrase(
        "Arbitration is under way: ask those who took the case; we cannot step in."
    ),
    Elsewhere.NOTARY: phrase("Ask the notary's office, or dial {number} for legal services."),
    Elsewhere.DISCIPLINE: phrase("Report officials who break the rules to {number}."),
    Elsewhere.SECURITY: phrase("For national security dial {number}."),
    Elsewhere.MILITARY: phrase("The army answers for its own affairs; we cannot step in."),
    Elsewhere.FRAUD: phrase("Call {number} or 96110 at once: the sooner, the more can be stopped."),
}
_KNOWN = frozenset(
    {
        "知道了",
        "谢谢",
        "谢谢您",
        "谢谢你",
        "明白了",
        "明白",
        "收到",
        "好的谢谢",
        "好的，谢谢",
        "thanks",
        "got it",
    }
)
_INSISTS = frozenset({"还是要", "记下", "请记下", "要记下", "帮我记下", "我要反映", "还是要反映"})


def _ask(talk: Talk, intake: Intake) -> Reply:
    who = elsewhere(intake.draft.matter) or Elsewhere.COURT
    told = talk.say(_WHERE[who], number=NUMBERS[who])
    question = talk.say("Take it down all the same? For a person, reply “human”.")
    choices = (Choice("no", talk.say("No need")), Choice("yes", talk.say("Take it down")))
    return Reply(told + talk.gap + question, choices)


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    if says(said, NO | NONE | _KNOWN, "no"):
        return Finish(talk.say("All right. Write here whenever something happens."))
    if agrees(said, "yes") or says(said, _INSISTS, "yes"):
        return go_on(talk, _insisted(intake))
    if understood is None:
        return Lost()
    if not tells(said.text, understood):
        return Lost(talk.say("If you want, we take it down and a person looks into it."))
    intake = with_place(intake, understood.place)
    if elsewhere(said.text) is None and understood.topic:  # 不是，是法院门口的路灯坏了
        own = corrected(intake, said.text, understood)
        return go_on(talk, msgspec.structs.replace(own, insisted=True))
    return go_on(talk, _insisted(with_matter(intake, said.text, understood)))


def _insisted(intake: Intake) -> Intake:
    """Nothing is swallowed: the centre decides what becomes of it."""
    draft = msgspec.structs.replace(intake.draft, elsewhere=elsewhere(intake.draft.matter))
    return msgspec.structs.replace(intake, draft=draft, insisted=True)


STATES: dict[str, State] = {REFERRED: intake_state(REFERRED, _ask, _hear)}
