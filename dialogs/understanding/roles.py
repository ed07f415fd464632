"""Which of several places is meant: 我住回龙观，在望京上班，公司楼下… is about 望京."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from dialogs.understanding.place import Firmness, Mention


class Role(Enum):
    """What a place is to the one who tells of it."""

    HOME = "home"
    WORK = "work"  # or school
    FORMER = "former"
    SCENE = "scene"  # 在三里屯被宰
    OPEN = "open"


_FORMER = re.compile(
    r"(?:原来|原先|以前|过去|曾经?|之前|小时候|老家)(?:家?住?在?|是)[^，,。；;！？]{0,3}$"
)
_WORK_BEFORE = re.compile(
    r"(?:单位|公司|学校|上班|工作)(?:地点)?(?:是|就)?(?:在|位于)[^，,。；;！？]{0,3}$"
)
_WORK_AFTER = re.compile(
    r"[^，,。；;！？的]{0,5}?(?:上班|工作|打工|上学|读书|念书|开店|做生意|实习)"
)
# Where somebody works, whether the catalogue knows it or not: 单位在国贸.
_NOT_HERE = "(?!我?家|这|那|哪|附近|外|楼|北京|一|某|工地|公司|单位|学校|小学|中学|幼儿园|饭店|超市|医院|.?厂|.?店)"
_WORKPLACE = re.compile(
    rf"(?:单位|公司|学校|上班|工作)(?:地点)?就?(?:是|在|位于){_NOT_HERE}[^，,。；;！？]{{2,8}}(?=[，,。；;！？])"
    rf"|在{_NOT_HERE}[^，,。；;！？在]{{2,6}}(?:上班|工作|打工|上学)"
)
_HOME_BEFORE = re.compile(r"(?:住|家|居住|房子)(?:的?是|在|于|的)?[^，,。；;！？]{0,3}$")
_HOME_AFTER = re.compile(r"的?(?:居民|业主|村民|住户)")
_AT_WORK = re.compile(r"公司|单位|写字楼|办公|学校|校门|校园|教室|食堂|店里|工地")
_AT_HOME = re.compile(r"我家|家里|屋里|楼道|小区|邻居|楼上|暖气|物业|业主|卧室|厨房|马桶|水管|电梯")
_PAUSE = re.compile(r"[，,。；;！？]")
_LOOK_BACK = 10
_GAP = 2


@dataclass(frozen=True, slots=True)
class _Group:
    """Names that make one place together."""

    mentions: tuple[Mention, ...]
    role: Role

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end


def meant(
    folded: str, mentions: Sequence[Mention]
) -> tuple[Sequence[Mention], tuple[tuple[Mention, ...], ...]]:
    """Return the mentions of the place that is meant, and the groups to choose between when that stays open."""
    named = [one for one in mentions if one.options and one.firmness >= Firmness.SHORT]
    if not named:
        return mentions, ()
    groups = _grouped(folded, named)
    if _is_about_work_elsewhere(folded, groups):
        return [one for one in mentions if one not in named], ()
    if len(named) < _GAP:
        return mentions, ()
    if len(groups) == 1 or all(group.role in (Role.OPEN, Role.SCENE) for group in groups):
        return mentions, ()
    kept = _kept(folded, groups)
    dropped = [one for group in groups if group not in kept for one in group.mentions]
    left = [one for one in mentions if one not in dropped]
    return left, tuple(group.mentions for group in kept) if len(kept) > 1 else ()


def _grouped(folded: str, named: Sequence[Mention]) -> list[_Group]:
    parts: list[list[Mention]] = []
    for one in named:
        between = folded[parts[-1][-1].end : one.start] if parts else ""
        if parts and len(between) < _GAP and between in ("", "的", " "):
            parts[-1].append(one)
        else:
            parts.append([one])
    return [_Group(tuple(part), _role(folded, part[0].start, part[-1].end)) for part in parts]


def _role(folded: str, start: int, end: int) -> Role:
    before = folded[max(0, start - _LOOK_BACK) : start]
    if _FORMER.search(before):
        return Role.FORMER
    if _WORK_BEFORE.search(before) or _WORK_AFTER.match(folded, end):
        return Role.WORK
    if _HOME_BEFORE.search(before) or _HOME_AFTER.match(folded, end):
        return Role.HOME
    return Role.SCENE if before.endswith("在") and not before.endswith("人在") else Role.OPEN


def _kept(folded: str, groups: Sequence[_Group]) -> list[_Group]:
    """Leave former places away; then let the scene, or what the matter is about, decide."""
    groups = [group for group in groups if group.role is not Role.FORMER] or list(groups)
    scene = [group for group in groups if group.role is Role.SCENE]
    if scene:
        return scene
    first_clause = _PAUSE.split(folded[: groups[0].start])[-1]
    rest = folded[groups[-1].end :] + folded[: groups[0].start - len(first_clause)]
    at_work, at_home = _AT_WORK.search(rest), _AT_HOME.search(rest)
    if bool(at_work) != bool(at_home):
        subject = Role.WORK if at_work else Role.HOME
        about = [group for group in groups if group.role is subject]
        return [group for group in groups if _agrees(group, about)] or groups
    return groups


def _is_about_work_elsewhere(folded: str, groups: Sequence[_Group]) -> bool:
    """Tell whether only homes are named, and the matter is at a place of work that the catalogue does not know."""
    if any(group.role is not Role.HOME for group in groups):
        return False
    workplace = _WORKPLACE.search(folded)
    if workplace is None or any(
        workplace.start() < group.end for group in groups if group.start < workplace.end()
    ):
        return False
    rest = folded[workplace.end() :]
    return _AT_WORK.search(rest) is not None and _AT_HOME.search(rest) is None


def _agrees(group: _Group, others: Sequence[_Group]) -> bool:
    """Tell whether one place can be meant by the group and by any of the others."""
    return any(
        all(
            any(option.agrees(place) for option in one.options for place in two.options)
            for one in group.mentions
            for two in other.mentions
        )
        for other in others
    )
