"""How `jiesu learn` tells what it has found."""

from collections.abc import Sequence
from datetime import tzinfo

import msgspec

from dialogs.understanding.reader import Reader
from handlers.judging import Figures
from handlers.learn import Learnt, Report
from store.topic_models import KeptModel

_FIGURES = {
    "macro-F1": "macro_f1",
    "accuracy, topic": "accuracy",
    "accuracy, level 2": "accuracy_level2",
    "accuracy, level 1": "accuracy_level1",
    "rows answered": "answered",
    "answers right": "precision",
}


def told(learnt: Learnt, reader: Reader) -> str:
    """The whole report."""
    report = learnt.report
    return "\n".join(
        [
            *_rows(report),
            "",
            *_figures(report),
            "",
            _say(report),
            "",
            *_topics(report, reader),
            "",
            _verdict(report),
            f"digest {learnt.digest}, {len(learnt.weights):,} bytes",
        ]
    )


def _rows(report: Report) -> list[str]:
    made = report.made
    lines = [
        f"{report.rows} rows of {len(report.topics)} topics, {report.corrected} of them corrected by staff;"
        f" {made.folds} folds, seed {made.seed}, {made.trained_by}"
    ]
    if report.left_out:
        rare = ", ".join(f"{code} ({count})" for code, count in report.left_out.items())
        lines.append(f"left out, too few rows: {rare}")
    if report.gone:
        lines.append(f"left out, topic no longer in the catalogue: {report.gone} rows")
    return lines


def _figures(report: Report) -> list[str]:
    columns = (report.rules, report.model, report.together)
    lines = [["", "rules", "model alone", "rules, then model"]]
    lines += [[name, *(_number(one, field) for one in columns)] for name, field in _FIGURES.items()]
    return in_columns(lines)


def _number(one: Figures, field: str) -> str:
    return f"{getattr(one, field):.3f}"


def _say(report: Report) -> str:
    if report.threshold is None:
        return (
            "No probability was found from which its guesses are right often enough"
            f" ({report.wanted_precision:.1%} wanted)."
        )
    return (
        f"Where the rules are silent or torn it has its say on {report.used} rows, from a probability of"
        f" {report.threshold:.3f}: {report.right} right ({_share(report.right, report.used)},"
        f" {report.wanted_precision:.1%} wanted)."
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


def _topics(report: Report, reader: Reader) -> list[str]:
    lines = [["topic", "rows", "F1 rules", "F1 with it", "said", "right", ""]]
    for one in report.topics:
        topic = reader.topic(one.code)
        figures = [f"{one.rules_f1:.2f}", f"{one.together_f1:.2f}", str(one.used), str(one.right)]
        note = " ".join(filter(None, ("(off)" if one.off else "", topic.level3 if topic else "")))
        lines.append([one.code, str(one.rows), *figures, note])
    return in_columns(lines)


def _verdict(report: Report) -> str:
    if report.better:
        return "It is better than the rules alone."
    return "It is not better than the rules alone: it is not put into force."


def listed(versions: Sequence[KeptModel], zone: tzinfo) -> str:
    """Every version with what it was worth."""
    lines = [["version", "made", "rows", "rules", "with it", "bytes", "digest", ""]]
    for one in versions:
        report = msgspec.json.decode(one.report)
        figures = (
            [str(report["rows"]), *(f"{report[k]['macro_f1']:.3f}" for k in ("rules", "together"))]
            if report
            else ["from a file", "-", "-"]
        )
        made = f"{one.made_at.astimezone(zone):%Y-%m-%d %H:%M}"
        used = "in force" if one.in_force else ""
        lines.append([str(one.id), made, *figures, f"{one.size:,}", one.digest[:12], used])
    return "\n".join(in_columns(lines))


def in_columns(lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines whose cells stand below each other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return [line.rstrip() for line in padded]
