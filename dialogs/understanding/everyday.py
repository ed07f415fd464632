"""Everyday words, to tell where one word ends and the next begins: in 金盏电梯 no name ends in 电."""

from functools import cache

from dialogs.understanding.spoken import NOTHING, SPOKEN

_LONGEST = 3
_FUNCTIONAL = frozenset("的了没不有停")
_WORDS = (
    "今天 昨天 前天 明天 后天 每天 天天 白天 半天 夏天 冬天 天气 去年 今年 前年 过年 年前 年底 公园 医院 超市 广场 市场 商场 学校 校长 老师 学生 幼儿园"
    " 电视 电费 电表 电瓶 电脑 电影 电源 电压 电力 电池 电器 电线 电子 电灯 充电 停电 来电 用电 手机 机场 飞机 门口 门禁 门卫 门前 门外 门头 门诊 大门 开门 关门 出门 部门 楼上"
    " 楼下 楼道 楼顶 楼里 楼层 楼门 楼梯 楼房 路口 路边 路面 路上 路灯 路过 路段 马路 公路 道路 家里 家门 家长 大家 屋里 房子 房屋 房东 房间 房租 房价 租房 买房 住房 村里 村委 村口"
    " 村民 店里 店家 店铺 商店 厂里 厂房 工厂 工地 工程 工人 工资 员工 职工 施工 保安 保洁 保险 保证 保护 医保 社保 报修 报警 报销 报名 反映 影响 音响 声音 经常 经理 已经 经过 警察 民警 报警"
    " 停车 车位 车辆 车道 车站 汽车 开车 堵车 公交 地铁 地下 地面 地上 地方 土地 场地 绿地 底下 下雨 下水 下来 下去 下午 上午 中午 里面 里边 这里 那里 哪里 心里 处理 管理 办理 物业"
    " 业主 作业 企业 失业 营业 应该 不应 有人 没人 别人 老人 工人 个人 行人 人员 人家 院子 院里 开始 时候 时间 及时 当时 小时 同时 孩子 小孩 小区 社区 居委 单位 位置 中心 放心 小心"
    " 垃圾 暖气 燃气 煤气 气味 味道 味儿 臭味 油烟 水管 水表 水费 水压 漏水 停水 积水 污水 排水 喝水 热水 井盖 绿化 树木 树枝 违章 违建 违法 占道 占用 装修 安装 加装 服装 投诉 举报 咨询"
    " 建议 解决 问题 情况 事情 电话 打电 回复 一直 一样 一下 一个 还有 还是 总是 都是 就是 是不 不是 没有 可以 可能 能不 不能 能够 知道 现在 正在 存在 所以 以前 以后 之前 之后 因为 为了"
    " 厕所 公厕 桥下 桥上 桥面 河里 河道 河边 山上 山里 快递 外卖 酒吧 酒店 饭店 餐厅 噪音 扰民 拖欠 拆迁 改造 宽带 网络 信号 银行 行政 城管 城里 证件 证明 身份 户口 政策 正常 政府 街上 街道 街面"
    " 质量 收费 收钱 收取 国家 国内 电网 石家庄 小孩子 三家 商业 业界 总厂 讲台 上帝 北方 南方 南郊 北郊 任何 何以 行程 兴奋 适度 湿度 演员 信封 演戏 新风 新式 相应 响应 亲和 长音 语法 见外 高领 高龄 约谈 被视为 大雨 大鱼 进口 进站 时都 随时 停止 停了 停业 拒绝 拒诊 离谱 脱落 松动 会员 检查 预防 自行车 花园 凉亭 新房 平台 平房 打针 离婚 培训 进行 进展 行驶 违停 逆行"
)


@cache
def _words() -> frozenset[str]:
    said = " ".join((*SPOKEN.values(), NOTHING, _WORDS))
    words = said.replace("+", " ").replace("/", " ").split()
    return frozenset(word for word in words if 1 < len(word) <= _LONGEST)


@cache
def _inside() -> frozenset[str]:
    """Return all two characters that stand side by side in a word, not those of 没人管 and other short sayings."""
    return frozenset(
        word[n : n + 2]
        for word in _words()
        if len(word) == len("电梯") or _FUNCTIONAL.isdisjoint(word)
        for n in range(len(word) - 1)
    )


def is_word(text: str) -> bool:
    """Tell whether `text`, of two or three characters, is an everyday word."""
    return text in _words()


def splits_a_word(text: str, at: int) -> bool:
    """Tell whether the characters before and after `at` belong together: 电|梯."""
    return at > 0 and text[at - 1 : at + 1] in _inside()
