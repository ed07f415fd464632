"""Why English words of danger may tell none now: denied, feared, asked about, past, settled, or of another thing."""

import re

# fmt: off
_DENIED = r"\b(?:not|no|isn't|wasn't|aren't|never|nobody|no one|without|didn't|nothing|none)(?: \w+){0,2} $"
_FEARED = r"\b(?:if|in case|worried|worry|afraid|fear|fears|scared (?:that|of|it)|might|may|could|would|prevent\w*|risk|risks|someday|one day|nearly|almost|stop \w+ from|avoid)\b[^,]*$"
_ASKED = r"\b(?:how (?:to|do|can|should|long|much)|where (?:can|do|is)|what number|what (?:should|to) .{0,20}\b(?:when|if)|who (?:is|inspects|checks|pays)|which|are there|is there an?|is it safe|has anyone|learn|train\w*|classes|course|insurance|claim|compensation|licen[cs]e|suggest\w*|should (?:install|put|have)|we need more)\b"
_PAST = r"\b(?:last (?:year|month|week|night|summer|winter|time|sunday|monday|tuesday|wednesday|thursday|friday|saturday|term)|yesterday|\w+ (?:days|weeks|months|years) ago|used to|ages ago|previously|in 20\d\d|recently|every (?:night|day|evening|summer|year|week))\b"
_OVER = r"\b(?:got out|fine now|is fine|are fine|put out|rescued|saved|all safe|is safe now|fixed now|already (?:fixed|left|gone|out)|false alarm|no one (?:is|was) (?:hurt|injured|in danger)|nobody (?:is|was) (?:hurt|injured)|recovered|recovering)\b"
_NOW = r"\b(?:right now|now|help|hurry|still (?:in|inside|there|trapped|stuck|burning|bleeding|unconscious|outside)|please (?:send|come|hurry)|at this moment|as we speak)\b(?! pay)"
_OTHERWISE = r"\b(?:movies?|films?|drills?|games?|concert|theatre|theater|show|songs?|singing|thank\w*|grateful|praise|great job|wages|deal|bargain|joke|price|prices|rent|bills?|traffic (?:is|was|kills)|driving me|killing me|so (?:loud|noisy)|noise|noisy|phone|battery (?:is|was) dead|cat|website|smoke detector|alarm keeps|stove|barbecue|bbq|restaurant|burn(?:ing)? (?:leaves|trash|garbage)|ideas?|heat|boredom|laughing|hunger|knife shop|fell asleep|fell off my|bike|prices|passport|wallet|key|keys|sounds like|like (?:a|an)|as if)\b"
# fmt: on
_BEFORE = re.compile("|".join((_DENIED, _FEARED, _ASKED)))
_FEARS = re.compile(r"\b(?:might|may|could|would)\b")
_PAST_OR_OVER = re.compile(f"{_PAST}|{_OVER}")
_OTHER = re.compile(_OTHERWISE)
_HAPPENS_NOW = re.compile(_NOW)
_WINDOW = 80
_AROUND = 30


def is_real(text: str, start: int, end: int) -> bool:
    """Tell whether the words from `start` to `end` tell of danger now."""
    if _BEFORE.search(_sentence_before(text, start)) or _FEARS.search(text, start, end):
        return False
    if _HAPPENS_NOW.search(text):
        return True
    around = text[max(0, start - _AROUND) : end + _AROUND]
    return not _PAST_OR_OVER.search(text) and not _OTHER.search(around)


def _sentence_before(text: str, end: int) -> str:
    before = text[max(0, end - _WINDOW) : end]
    for mark in ".!?;\n":
        before = before[before.rfind(mark) + 1 :]
    return before
