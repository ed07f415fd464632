"""Names by which residents tell who they are or who called (我叫王小明，我是李强): all but the family name is hidden."""

import re

# After these a name follows, whatever it is.
_TOLD = re.compile(
    r"((?<![帮给替为])我叫|我姓|名字[叫是]|本人叫?)([一-鿿])[一-鿿]{0,2}(?=[，,。；;！!\s]|$)"
)
# After these a name may follow: frequent family names that begin few places and words (no 高, 马, 方, 田, 金 …), and no end of
# a place, an office or a trade, so that 我是刘家窑, 我是孙子 and 我是张家长 stay.
_FAMILY = "王李张刘陈杨赵吴周徐孙朱胡郭林郑梁谢宋许韩邓冯曹彭曾肖潘袁董吕魏蒋蔡贾丁薛阎侯邹熊孟秦傅沈姜范汪廖姚卢崔谭陆郝孔邵龚贺尹"
_NO_END = "村庄园里路街桥门口寺营区镇乡店楼井湾窑坟堡边同局厂校院站队组的人户者员工主长师们家客友子女妻父母哥姐弟妹叔婶爷奶姨舅"
_MAY_FOLLOW = re.compile(
    rf"((?:我|这里|这边)是|联系人[是:：]?|(?<=[人主户客妈爸子女婆公])叫)([{_FAMILY}])"
    rf"[一-鿿]?(?![{_NO_END}])[一-鿿](?=[，,。；;！!、（(\s\d]|$)"
)


def nameless(text: str) -> str:
    """The text with given names hidden behind two stars, however long they are."""
    return _MAY_FOLLOW.sub(r"\1\2**", _TOLD.sub(r"\1\2**", text))
