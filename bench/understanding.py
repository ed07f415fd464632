"""What residents say against what is understood of it, on both halves of the corpus, every miss listed; and its cost.

Beside it, in the same run, a plain reader: the longest name found in the text, and the topic with most keywords.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from dialogs.catalogue import Catalogue
from dialogs.understanding.reader import Reader
from dialogs.understanding.reading import Reading, reading
from dialogs.words import Grade, Kind
from tests.catalogue import beijing
from tests.corpus.messages import HALVES, Half, corpus, messages
from tests.corpus.scoring import Score, Where, judged
from tests.corpus.summary import Summary, summary
from tests.scripted import Talked, talk_through
from tests.transcript import facts as chat
from tests.transcript import sms

ROUNDS = 8
SHOWN_CHARACTERS = 44
PAGE_BYTES = 4096

Understand = Callable[[str], Reading]


def main() -> None:
    """Print accuracy, cost and misses."""
    catalogue = beijing()
    before, started = _resident_megabytes(), time.process_time()
    reader = Reader(catalogue)
    reader.understand("停水了")  # what is made at the first message belongs to starting
    seconds, megabytes = time.process_time() - started, _resident_megabytes() - before
    plain = plain_reader(catalogue)
    ours: dict[Half, list[Score]] = {
        half: _scores(half, lambda text: reading(reader, text)) for half in HALVES
    }
    _table({half: (summary(ours[half]), summary(_scores(half, plain))) for half in HALVES})
    print(f"\nThe reader was made in {seconds:.2f} s, {megabytes:.0f} MB.")
    for name, understand in (("understanding", reader.understand), ("plain", plain)):
        median, p99 = _microseconds(understand)
        print(f"{name}: {median:.0f} µs a message median, p99 {p99:.0f} µs")
    for channel, facts in (("chat", chat()), ("SMS", sms())):
        _print_talks(channel, [talk_through(message, facts) for message in corpus()])
    for half, scores in ours.items():
        _print_misses(half, scores)


def plain_reader(catalogue: Catalogue) -> Understand:
    """Return the baseline: longest name of a street or district wins, most keywords win, one word is danger."""
    districts = {district.code: district for district in catalogue.districts}
    streets = {street.short_name: street for street in catalogue.streets}
    short = {district.short_name: district for district in catalogue.districts}

    def understand(text: str) -> Reading:
        street = streets.get(_longest(streets, text))
        district = districts[street.district_code] if street else short.get(_longest(short, text))
        best = max(catalogue.topics, key=lambda one: sum(word in text for word in one.keywords))
        topic = best if any(word in text for word in best.keywords) else None
        emergency = any(word in text for word in ("着火", "煤气味", "困人", "救命"))
        return Reading(
            kind=Kind.COMPLAINT if "投诉" in text else Kind.REQUEST,
            topic=topic.code if topic else None,
            level1=topic.level1 if topic else None,
            grade=Grade.I if emergency else topic.grade if topic else None,
            district=district.name if district else None,
            street=street.name if street else None,
            emergency=emergency,
        )

    return understand


def _longest(names: Iterable[str], text: str) -> str:
    return max((name for name in names if name in text), key=len, default="")


def _scores(half: Half, understand: Understand) -> list[Score]:
    return [judged(message, understand(message.text)) for message in messages(half)]


def _table(rows: dict[Half, tuple[Summary, Summary]]) -> None:
    names = [f"{half}{kind}" for half in rows for kind in ("", ", plain reader")]
    columns = [figures for pair in rows.values() for figures in pair]
    print(
        "| |", " | ".join(f"{n} ({c.messages})" for n, c in zip(names, columns, strict=True)), "|"
    )
    print("| --- |" + " --- |" * len(columns))
    for where in Where:
        _line(f"place named: {where}", [figures.place[where] for figures in columns])
    _line("several places: asked rightly", [figures.asked for figures in columns])
    _line("silently wrong, of all", [figures.silently_wrong for figures in columns])
    _line("topic, level 1", [figures.level1 for figures in columns])
    _line("topic, code", [figures.topic for figures in columns])
    _line("kind", [figures.kind for figures in columns])
    _line("grade", [figures.grade for figures in columns])
    _line("emergencies heard", [figures.recall for figures in columns])
    _line("false alarms", [figures.false_alarms for figures in columns])


def _line(name: str, shares: Sequence[float]) -> None:
    print(f"| {name} |", " | ".join(f"{share:.1%}" for share in shares), "|")


def _microseconds(understand: Callable[[str], object]) -> tuple[float, float]:
    """Median and 99th percentile of processor time: what else the machine does is left out."""
    texts = [message.text for message in corpus()]
    spent: list[float] = []
    for _ in range(ROUNDS):
        for text in texts:
            started = time.thread_time_ns()
            understand(text)
            spent.append((time.thread_time_ns() - started) / 1000)
    return statistics.median(spent), statistics.quantiles(spent, n=100)[98]


def _print_talks(channel: str, talks: Sequence[Talked]) -> None:
    told = statistics.median(one.messages for one in talks if one.says_all)
    every = statistics.median(one.messages for one in talks)
    longest = max(one.messages for one in talks)
    lost = sum(one.end == "lost" for one in talks)
    print(
        f"{channel}: {told:.0f} messages of a resident to a ticket (median) where the first says what and where, "
        f"{every:.0f} in all, at most {longest}; {lost} of {len(talks)} talks come to nothing"
    )


def _print_misses(half: str, scores: Sequence[Score]) -> None:
    missed = [score for score in scores if score.missed]
    print(f"\nMisses of the {half} half: {len(missed)} messages")
    for score in missed:
        said = score.message.text
        text = said if len(said) <= SHOWN_CHARACTERS else f"{said[:SHOWN_CHARACTERS]}…"
        print(f"{score.message.id} {text}")
        for what in score.missed:
            print(f"     {what}; {_wanted(score, what)}")


def _wanted(score: Score, what: str) -> str:
    message, got = score.message, score.got
    if what.startswith("place"):
        asked = f"{got.ask.field} {'/'.join(got.ask.choices)}" if got.ask else "nothing"
        right = message.district + message.street + message.community or "no place"
        taken = "".join(filter(None, (got.district, got.street, got.community)))
        due = " ".join((message.ask, *message.choices)) or "nothing"
        return f"expected {right}, to ask {due}; got {taken or 'no place'}, asked {asked}"
    pairs: dict[str, tuple[Sequence[str], object]] = {
        "level 1": (message.level1, got.level1),
        "topic": (message.topics, got.topic),
        "kind": (message.kinds, got.kind),
        "grade": (message.grades, got.grade),
        "emergency": (("yes" if message.emergency else "no",), "yes" if got.emergency else "no"),
    }
    expected, given = pairs[what]
    return f"expected {' or '.join(expected)}, got {given}"


def _resident_megabytes() -> float:
    gc.collect()
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text(encoding="ascii").split()[1]) if statm.exists() else 0
    return pages * PAGE_BYTES / 1_000_000
