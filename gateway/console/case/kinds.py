"""The modules of casework in the console; a new one is a file with `FORMS` and `SECTIONS`, and its name here."""

from typing import Protocol

from gateway.console.case import (
    applications,
    clocks,
    community,
    coordination,
    deadlines,
    dual,
    green,
    inside,
    judgement,
    returns,
    secrecy,
    supervision,
    together,
    whistles,
    why,
    writing,
)
from gateway.console.case.form import Form, Section


class Module(Protocol):
    """What a module of casework brings."""

    FORMS: tuple[Form, ...]
    SECTIONS: tuple[Section, ...]


MODULES: tuple[Module, ...] = (
    clocks,
    inside,
    writing,
    applications,
    dual,
    green,
    community,
    whistles,
    returns,
    coordination,
    together,
    secrecy,
    deadlines,
    supervision,
    judgement,
    why,
)
