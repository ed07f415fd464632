"""A resident who answers what is asked has a ticket soon: every message of the corpus, on chat and on SMS."""

import statistics
from functools import cache

import pytest

from dialogs.dialog import Facts
from tests.corpus.messages import corpus
from tests.scripted import Talked, talk_through
from tests.transcript import facts, sms

CHANNELS = ("chat", "sms")
MEDIAN_WHERE_ALL_IS_SAID = 2
MEDIAN_OF_ALL = 4
LONGEST = 6


@cache
def talks(channel: str) -> tuple[Talked, ...]:
    known: Facts = sms() if channel == "sms" else facts()
    return tuple(talk_through(message, known) for message in corpus())


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_talk_ends_in_a_ticket_an_answer_or_a_human(channel: str) -> None:
    lost = [(one.message.id, one.questions) for one in talks(channel) if one.end == "lost"]
    assert lost == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_where_the_first_message_says_what_and_where_the_ticket_comes_soon(channel: str) -> None:
    told = [one.messages for one in talks(channel) if one.says_all and one.end == "ticket"]
    assert len(told) >= 300
    assert statistics.median(told) <= MEDIAN_WHERE_ALL_IS_SAID


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_talk_is_long(channel: str) -> None:
    assert statistics.median(one.messages for one in talks(channel)) <= MEDIAN_OF_ALL
    long = [(one.message.id, one.questions) for one in talks(channel) if one.messages > LONGEST]
    assert long == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_emergency_that_is_heard_is_recorded_at_once(channel: str) -> None:
    alarming = [one for one in talks(channel) if one.message.emergency]
    at_once = [one for one in alarming if one.messages == 1]
    assert len(at_once) >= 0.75 * len(alarming)
