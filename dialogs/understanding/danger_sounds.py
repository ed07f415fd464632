"""Words of danger that speech recognition wrote in other characters of the same sound: 触店 for 触电, 昏米 for 昏迷."""

from ahocorasick_rs import AhoCorasick, MatchKind

from dialogs.understanding.pinyin import sounds

# What sounds like no everyday word; the shorter ones (流血 as 留学) are told by what stands near them, or not at all.
_WORDS = (
    "着火了 着火啦 起火了 失火了 着大火 冒浓烟 冒火花 煤气中毒 煤气泄漏 燃气泄漏 天然气泄漏 液化气罐 一氧化碳 触电了 有人触电 触电 高压线 漏电了 电着人 溺水了 溺水 落水了 有人落水 掉河里 掉水里 掉井里 掉进河 掉进水 掉冰窟 淹死"
    " 被水冲走 沉下去 电梯困人 被困住 困在电梯 困人了 关在电梯 被压住 压着人 有人被压 晕倒在 人晕倒 晕过去 昏迷 昏倒了 昏过去 休克 抽搐了 惊厥 口吐白沫 翻白眼 没呼吸 没有呼吸 呼吸困难 喘不上气 喘不过气 喘不了气 不省人事 没意识 没知觉"
    " 脉搏 心梗 心脏病 心脏骤停 脑溢血 脑出血 中风了 噎住了 噎着了 卡住了脖 窒息 大出血 流血不止 流了好多血 止不住血 血流不止 满脸是血 头破血流 吐血了 羊水破 难产 割腕 割了腕 安眠药 农药 喝农药 老鼠药 百草枯 敌敌畏 跳楼 要跳楼 上吊了 要上吊 自杀 烧炭自杀"
    " 不想活 活不下去 活够了 轻生 结束生命 砍人 有人砍人 持刀伤人 持刀砍 捅人了 捅了一刀 被捅了 砍伤了 杀人了 要杀人 绑架 被绑架 抢劫了 被抢劫 强奸 劫持 人贩子 打人了救命 救命啊 救护车 出车祸 发生踩踏 割腕了 坍塌 墙塌了 楼塌了 滑坡 泥石流 山体滑坡"
    " 爆炸 爆炸了 要爆炸 撞人了 撞死人 撞飞了 车翻了 翻车了 中毒了 食物中毒 中暑了 毒蛇咬 被蛇咬 咬着人 生命危险 快不行了 受重伤 烫伤了 烧伤了 坠楼 坠落 摔下来 摔下楼 掉下去了 踩空了 氨气泄漏 炸弹 防盗窗"
)
# Real words and everyday phrases that sound the same.
_EVERYDAY = (
    "煤气管 脚不行 出电 储电 初电 邦嘉 智西 抽出了 找活了 招活了 看人了 运到在 谈他 探他 贪他 谈塔 新梗 新更 新根 心更 救名 旧名 报价 包扎 字啥 紫砂 自啥 触点 处点 出点 出店 初点 除电 触碘 闹钟 中度了 重度了 终度了 逆水 你谁 泥水 尼水 腻水 农要 弄药 浓药 弄要 加保 假报 家宝 加报 甲苞 家抱 家保 嫁报 夹包 请升 清声 轻声 青生 庆生 倾生 清生 请生 看人 侃人 抗人 他方 她方 塔方 它方 踏访 难产 男产 南产 滑破 化坡 坠楼 最漏 缀楼 追楼 坠落 最落 最裸"
    " 停在电梯 杰出 界尺 姐吃 节吃 解吃 强建 抢建 强件 强健 强减 强检 抢件 抢捡 呛见 抢剑 邦家 帮家 帮佳 帮价 帮加 车货 车或 彻货 车活 车火 扯活 车伙 报扎 保诈 道踏 到他 到她 到塔 到踏 倒他 导他 倒塔 饱胀 抱炸 修课 秀课 修可 休课 修客 秀可 袖珂 竞绝 惊觉 警觉 精绝 经绝 精觉 质洗 智系 支系 直系 执席 制衣 只系 只洗 之喜 之细 至希 治喜"
    " 旦夕 挑楼 条楼 条漏 跳漏 挑漏 调楼 跳喝 条河 调和 挑盒 挑合 条和 条合 挑和 条禾 迈脖 买波 脉波 埋波 墨波 哥玩 个万 个玩 各晚 歌晚 个完 各湾 个湾 割完 搁完 个晚 个碗 各玩 可玩 个腕 高压县 安眠要 炸蛋 扎但 炸但 眨但 诈但 榨蛋 炸单 烟丝 演示 厌死 严丝 烦死 验死 研斯 燕四"
    " 农摇 人饭子 人范子 仁贩子 杰持 结吃 姐持 节齿 家报 加爆 佳宝 天天 混米 浑米 婚米 荤米 猜他 财他 才他 踩他 踩她 采他 菜他 才她 踩它 裁他 踩塌 采塔 彩踏 才踏 吃到 迟到 持道 池道 吃道 字杀"
)
_WEIGHTY = _WORDS.split()
_ALIKE = frozenset(_EVERYDAY.split())
_AUTOMATON = AhoCorasick([sounds(word) for word in _WEIGHTY], matchkind=MatchKind.LeftmostLongest)


def put_dangers_right(folded: str) -> str:
    """Write the words of danger that were meant; the length stays, so spans map back."""
    for index, start, end in _AUTOMATON.find_matches_as_indexes(sounds(folded)):
        if folded[start:end] != _WEIGHTY[index] and folded[start:end] not in _ALIKE:
            folded = folded[:start] + _WEIGHTY[index] + folded[end:]
    return folded
