"""Tickets to learn from: keywords that the rules know, and words that they have never heard."""

from random import Random

from dialogs.catalogue import Catalogue
from store.learning_rows import LearningRow

TOPICS = 20
# Words that no keyword holds; each of the first topics has two of them.
_STRANGE = "魑魅魍魉饕餮龃龉龌龊耄耋踟蹰囹圄徜徉逶迤氤氲旖旎葳蕤缱绻觊觎蹀躞踯躅彳亍趔趄剞劂岌嶪"
_FILLER = (
    "已经两天了",
    "没人管",
    "请尽快处理",
    "老人受不了",
    "反映过一次",
    "晚上特别明显",
    "希望解决",
)
_PLACES = ("海淀区田村路街道", "朝阳区望京街道", "丰台区方庄街道芳城园一区", "")


def lessons_of(catalogue: Catalogue, count: int, seed: int = 1) -> list[LearningRow]:
    """Rows of 20 topics; in a third the rules know no word, and in one of twenty the topic is just wrong."""
    random = Random(seed)  # noqa: S311 - the same rows each time, no secret
    topics = [topic for topic in catalogue.topics if topic.keywords][:TOPICS]
    rows = []
    for number in range(count):
        at = number % len(topics)
        strange = _STRANGE[2 * at : 2 * at + 2]
        known = random.choice(topics[at].keywords) if random.random() < 0.6 else ""
        words = [known or strange, *random.sample(_FILLER, 2)]
        if random.random() < 0.5:
            words.append(strange)
        random.shuffle(words)
        right = topics[at] if random.random() < 0.97 else random.choice(topics)
        matter = random.choice(_PLACES) + "，".join(words)
        rows.append(LearningRow(261123000000 + number, matter, right.code, random.random() < 0.1))
    return rows
