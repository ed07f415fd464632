"""What is known already of a matter that is told: answers of the knowledge base, others' tickets close by."""

from datetime import date

import msgspec

from dialogs.understanding.place import Place


class KnownAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """An article of the knowledge base that may answer a question; `unit` is the short name of who answers for it.

    `fit` says in percent how well it answers what was asked. `unasked`: of an event in force, told to all whose matter it is.
    """

    article_id: int
    question: str
    answer: str
    unit: str = ""
    valid_until: date | None = None
    fit: int = 100
    unasked: bool = False


class Nearby(msgspec.Struct, frozen=True, omit_defaults=True):
    """An open ticket of others about the same matter close by, without anything personal; `residents` have told it.

    `place` is no deeper than what the place that is asked about and theirs have in common. From a hundred
    residents up it may be more.
    """

    ticket_id: int
    place: Place
    residents: int
    unit: str = ""  # short name of the lead, empty in triage
