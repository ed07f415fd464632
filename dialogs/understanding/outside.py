"""Places that another city answers for, by the names people use for them here."""

import re

# Provinces need their suffix, for streets and roads are called 山东 and 河南 too; the towns around do not.
_ELSEWHERE = re.compile(
    r"(?:河北|山东|山西|河南|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海)省"
    r"(?:[\u4e00-\u9fff]{2,3}?[市县])?|(?:内蒙古|广西|西藏|宁夏|新疆)(?=[^路街巷社村里])"
    r"|(?:天津|上海|重庆|石家庄|深圳|广州)市"
    r"|(?:河北)?(?:涿州|燕郊|廊坊|固安|香河|大厂县|大厂回族|霸州|涞水|怀来|丰宁|滦平|三河市|承德市|保定市|唐山市|张家口市?|雄安)市?"
)


def outside(folded: str) -> str:
    """Return the first name of a place that is not this city's, "" when there is none."""
    found = _ELSEWHERE.search(folded)
    return found[0] if found else ""
