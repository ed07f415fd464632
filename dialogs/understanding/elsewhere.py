"""Matters that others than the hotline answer for: courts, prosecutors, petitions and arbitration under way, the army.

Conservative: the street lamp in front of the court is a street lamp. What is said must be about what they decide.
"""

import re
from enum import StrEnum

from dialogs.understanding.text import fold


class Elsewhere(StrEnum):
    """Who answers for it instead."""

    COURT = "court"
    PROSECUTION = "prosecution"
    PETITION = "petition"
    ARBITRATION = "arbitration"
    NOTARY = "notary"
    DISCIPLINE = "discipline"
    SECURITY = "security"
    MILITARY = "military"
    FRAUD = "fraud"


# The number to dial, "" where there is none for the whole city.
NUMBERS: dict[Elsewhere, str] = {
    Elsewhere.COURT: "12368",
    Elsewhere.PROSECUTION: "12309",
    Elsewhere.PETITION: "",
    Elsewhere.ARBITRATION: "",
    Elsewhere.NOTARY: "12348",
    Elsewhere.DISCIPLINE: "12388",
    Elsewhere.SECURITY: "12339",
    Elsewhere.MILITARY: "",
    Elsewhere.FRAUD: "110",
}

_UNDER_WAY = r"(?:已经?|正在|正|都|在)"
# Of a petition or an arbitration it is told that it runs, or what came of it.
_PROCEEDS = r"(?:已经?|正在|还)?(?:被|予以)?(?:受理|立案|处理中|办理中|审理|开庭|裁决|复查|复核|答复|不予|不服|没(?:有)?(?:结果|答复|回复|消息))"
_SIGNS: tuple[tuple[Elsewhere, re.Pattern[str]], ...] = (
    (
        Elsewhere.FRAUD,
        re.compile(
            r"(?:被|遭|遇到?了?)(?:了)?(?:电信|网络|电话)诈骗|(?:电信|网络)诈骗.{0,6}(?:报案|骗了|转了|损失)|刷单被骗|杀猪盘"
            r"|冒充(?:公检法|警察|客服|领导).{0,12}(?:骗|转账|转了)"
        ),
    ),
    (
        Elsewhere.COURT,
        re.compile(
            r"法院.{0,10}(?:判决|判了|判的|判给|判我|改判|判得|审理|审判|开庭|执行(?!力)|立案|不予?立案|传票|调解书|裁定|上诉|拍卖|冻结|保全)"
            rf"|(?:案子|案件|官司){_UNDER_WAY}.{{0,4}}(?:法院|审理|开庭|打)|{_UNDER_WAY}.{{0,3}}(?:起诉(?!离婚协议)|打官司|诉讼)"
            r"|(?:不服|不认)(?:一审|二审|法院)?.{0,3}(?:判决|裁定)|(?:一审|二审|再审)(?:判|开庭|结果|败诉)|法官.{0,6}(?:不|偏|判|态度|拖)|执行局"
            r"|\bcourt(?:'s)? (?:case|ruling|judge?ment|decision|hearing)|\b(?:lawsuit|on trial|sued (?:him|her|them|the))\b"
        ),
    ),
    (
        Elsewhere.PROSECUTION,
        re.compile(
            r"检察院.{0,8}(?:起诉|批捕|立案|抗诉|申诉|审查|不起诉|办案)|检察官.{0,6}(?:不|办|态度)"
        ),
    ),
    (
        Elsewhere.PETITION,
        re.compile(
            rf"信访(?:件|事项|诉求|请求|答复|程序|局|办|部门)?.{{0,6}}{_PROCEEDS}|{_UNDER_WAY}.{{0,4}}(?:信访|上访)(?!办|局|部门)"
        ),
    ),
    (
        Elsewhere.ARBITRATION,
        re.compile(
            rf"仲裁(?:委|院|庭|委员会|裁决书?)?.{{0,6}}{_PROCEEDS}|{_UNDER_WAY}.{{0,6}}(?:申请了?|走|做|进行)(?:劳动)?仲裁|\barbitration (?:award|ruling|case|hearing)"
        ),
    ),
    (
        Elsewhere.NOTARY,
        re.compile(
            r"公证处.{0,8}(?:不给|不予|拒绝|办错|收费|拖)|公证书.{0,6}(?:错|撤销|无效|不服)"
        ),
    ),
    (
        Elsewhere.DISCIPLINE,
        re.compile(
            r"(?:举报|检举|反映|揭发|干部|书记|主任|局长|科长|处长|村长|官员|领导|公务员|公职人员).{0,12}(?:贪污|受贿|行贿|索贿|收钱办事|腐败|挪用公款|以权谋私|违纪)"
            r"|(?:举报|检举|揭发).{0,8}(?:贪官|腐败)|\b(?:corrupt official|bribery|took bribes)\b"
        ),
    ),
    (Elsewhere.SECURITY, re.compile(r"间谍|危害国家安全|泄露国家秘密|\bespionage\b")),
    (
        Elsewhere.MILITARY,
        re.compile(
            r"(?:部队|军队|军区|武警)(?:里|内部?|的)?.{0,6}(?:军官|首长|战士|待遇|军产房|军产|转业安置费|营房(?:分配|租)|不批假)|军产房.{0,8}(?:腾退|分配|租|漏|收)"
        ),
    ),
)
# Without any of these nothing is looked at any closer.
_MAY_BE = re.compile(
    r"法院|法官|判决|裁定|审|官司|诉讼|起诉|执行局|检察|信访|上访|仲裁|公证|贪|贿|腐败|公款|以权|违纪|收钱|间谍|国家安全|国家秘密"
    r"|部队|军|武警|诈骗|刷单|杀猪|冒充|court|lawsuit|sued|trial|arbitration|corrupt|brib|espionage"
)
# Intended, feared or asked for only: 我要去法院起诉你们, 想申请仲裁.
_NOT_YET = re.compile(
    r"(?:要|想|准备|打算|可以|能不能|是否|怎么|如何|就去|就要|会|将)(?:去|到|向|找)?.{0,4}(?:起诉|打官司|诉讼|上访|信访|申请)"
)


def elsewhere(text: str) -> Elsewhere | None:
    """Return who answers for what `text` tells in place of the hotline, None for what is the hotline's."""
    folded = fold(text)
    if not _MAY_BE.search(folded):
        return None
    folded = _NOT_YET.sub("", folded)
    return next((who for who, signs in _SIGNS if signs.search(folded)), None)
