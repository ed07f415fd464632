"""What residents call troubles and enterprises; the left-hand side is a keyword of the catalogue.

A catalogue that does not hold the keyword leaves its words out. Words stand between blanks; `水管/龙头+漏/爆` is a pair:
any word of the left and any of the right near each other, in whatever order. Slips of speech recognition stand with the rest.
"""

from dialogs.understanding.spoken_home import AT_HOME
from dialogs.understanding.spoken_outside import OUTSIDE
from dialogs.understanding.spoken_people import PEOPLE

SPOKEN: dict[str, str] = {**AT_HOME, **OUTSIDE, **PEOPLE}
# Longer words that hold one of the above and say nothing of it.
NOTHING = (
    "水果 水平 薪水 汽水 墨水 香水 水库 保险丝 保险柜 消费者 停车费 车间 单车道 电话 手机号 短信 信用 树立 建树 狗不理 门口 出口 道路 路过 路人 一路 网上 网友 上网课"
    " 一下水 保安全 吵架 信号灯 交通 小区名 地址 打电话 打车费 没办法 没人管 不管 管理 处理 办理 经理 物理 心理 理由 不理解 理想 早上 晚上 马上 路上"
)
# Part of an enterprise's official name -> what it is called.
CALLED: dict[str, tuple[str, ...]] = {
    "燃气集团": ("燃气集团", "燃气公司"),
    "热力集团": ("热力集团", "热力公司"),
    "自来水集团": ("自来水集团", "自来水公司"),
    "排水集团": ("排水集团",),
    "国网北京": ("国家电网", "国网", "供电公司", "电力公司"),
    "公共交通控股": ("公交集团", "公交公司"),
    "地铁运营": ("北京地铁", "地铁公司"),
    "京港地铁": ("京港地铁",),
    "一卡通": ("一卡通",),
    "首都公路发展": ("首发集团",),
    "歌华": ("歌华",),
    "中国移动": ("中国移动", "移动公司", "移动宽带", "北京移动", "china mobile"),
    "中国联合网络": ("中国联通", "联通", "china unicom"),
    "中国电信": ("中国电信", "电信公司", "电信宽带", "北京电信", "china telecom"),
    "中国铁塔": ("中国铁塔", "铁塔公司"),
    "中国邮政": ("中国邮政", "邮政", "邮局"),
    "中国石化": ("中石化",),
    "中国石油": ("中石油",),
    "环境卫生工程": ("北京环卫", "环卫集团"),
    "静态交通": ("静态交通",),
    "首开": ("首开",),
    "金隅": ("金隅",),
    "住总": ("住总",),
    "城建集团": ("城建集团",),
    "首钢": ("首钢",),
    "互联网租赁": ("美团单车", "哈啰", "青桔"),
}
