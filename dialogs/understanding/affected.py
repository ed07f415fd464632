"""How many people or households a matter affects, as far as somebody has counted them."""

import re

from dialogs.understanding.counting import NUMERAL, number

_COUNTED = re.compile(
    rf"(?<![\d第每\-.号层元几数])({NUMERAL}|上[百千万]|[成近]百|[成近]千)(?:多|来|几|余|大几)?(?:个|名|位|口)?(?:家)?"
    r"(户|家(?=[人都也全住一]|的|没|停|冷|,|，|。|$|居民|业主|邻居)|住户|居民|业主|家庭|口人|人(?![民行次份均才员事家防大类工生]|[间]|社)|孩子|学生|老人|农民工|工人|工友|村民|员工|乘客|老师|家长|会员|租户|商户|师傅|病人|小孩|伤者)"
)
_ENGLISH = re.compile(
    r"(\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|a hundred|one hundred|two hundred|hundred)(?: or so| more than)? "
    r"(?:\w+ ){0,2}?(?:people|families|households|residents|homes|flats|apartments|workers|children|kids|students|neighbou?rs|owners|passengers|tenants|members|persons)"
)
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "a hundred": 100, "one hundred": 100, "hundred": 100, "two hundred": 200,
}  # fmt: skip
_ROUND = {"百": 100, "千": 1000, "万": 10_000}
_WORTH_A_LOOK = re.compile(
    r"户|家|人|居民|业主|孩子|学生|老人|[一两三四五六七八九十百千\d][个名位]"
)
_MOST = 1_000_000


def affected(folded: str) -> int:
    """Count people or households in a folded text; 0 when nobody counted them. Of several figures the greatest."""
    counts = (
        [_chinese(one[1]) for one in _COUNTED.finditer(folded)]
        if _WORTH_A_LOOK.search(folded)
        else []
    )
    if folded.isascii():
        counts = [_english(one[1]) for one in _ENGLISH.finditer(folded)]
    return max((count for count in counts if 1 < count <= _MOST), default=0)


def _chinese(words: str) -> int:
    if words[0] in "上成近":
        return _ROUND[words[1]]
    return number(words) or 0


def _english(words: str) -> int:
    return _WORDS.get(words) or int(words.replace(",", ""))
