"""What residents say when they ask, suggest, praise, complain or inform against somebody; in both languages."""

from dialogs.words import Kind

# Said outright: the first of these in the text decides.
OUTRIGHT: dict[Kind, str] = {
    Kind.PRAISE: "表扬 锦旗 点赞 点个赞 点一个赞 必须夸 夸一夸 夸夸 好人好事 致谢 表彰 表杨 送面锦旗 感谢信",
    Kind.SUGGESTION: "建议 提议 提个意见 有个想法 有个主意 有个提议 提点意见 提个建议 建意",
    Kind.TIP_OFF: "举报 检举 揭发 告发 我要告 线索 举抱 保密 匿名 别说是我 别透露 不要透露 别泄露 不要泄露 别提我名 窝点",
    Kind.QUESTION: "咨询 请教 问一下 问问 请问 想问 打听 了解一下 想知道 想了解 问下 资询 麻烦问 请问下 想弄清楚 想弄明白 想搞清楚 想搞明白 想确认",
    Kind.COMPLAINT: "投诉 差评 投拆 头诉 我要投",
    Kind.REQUEST: "求助 求救 请帮 帮帮忙",
}
OUTRIGHT_ENGLISH: dict[Kind, tuple[str, ...]] = {
    Kind.PRAISE: ("praise", "compliment", "commend", "want to thank", "would like to thank", "'d like to thank", "many thanks to", "thanks to the", "thank you to the", "hats off", "kudos", "shout-out to", "shout out to", "well done to", "big thanks", "huge thanks"),
    Kind.SUGGESTION: ("suggest", "suggestion", "how about adding", "how about putting", "i propose", "recommend that"),
    Kind.TIP_OFF: ("report illegal", "report an illegal", "whistleblow", "tip-off", "tip off", "want to report a company", "want to report a shop", "report a business", "report someone", "my name secret", "my name out", "give them my name", "give my name", "mention my name", "use my name", "anonymous", "anonymously", "confidential", "keep my name", "keep it secret", "keep this secret"),
    Kind.QUESTION: ("i want to ask", "could you tell me", "may i ask", "question about", "can you tell me", "i would like to know", "i'd like to know", "i want to know", "wondering", "dying to know", "curious whether", "curious about"),
    Kind.COMPLAINT: ("complain", "complaint"),
    Kind.REQUEST: ("help me", "please help", "please fix", "please repair", "please send"),
}  # fmt: skip
# Only hinted at.
HINTED: dict[Kind, str] = {
    Kind.PRAISE: "感谢 谢谢你们 多亏了 多亏 谢谢他 谢谢她 谢谢那 谢谢师傅 想谢谢 想感谢 表示感谢 表示谢意 表达感谢 说声谢 说一声谢 道声谢 道个谢 过意不去 还给我了 交还 好人呐 好人啊 帮了大忙 暖心 热心肠 挺感动 做得好 好样的 太给力了 服务真好 态度特别好 态度很好 拾金不昧 特别满意 非常满意 好心人 送回来 为人民服务",
    Kind.TIP_OFF: (
        "偷排 无证 无照经营 违法 非法 黑作坊 黑诊所 黑网吧 黑车 偷税 盗采 盗挖 偷挖 制假 售假 传销 聚赌 卖淫 偷倒"
        " 未经许可 没有营业执照 没有执照 没有许可证 违规 赌博 赌钱 嫖娼 吸毒 收红包 收礼 收好处 贪污 受贿 行贿 贿选 买票 号贩子 倒卖 偷采 偷着开矿 偷着 往河里排 直排 私宰 假酒 假烟 假药 假证"
        " 没有检验 没有合格证 没有资质 没资质 没有证 没证 无资质 没有健康证 以权谋私 吃拿卡要 洗钱 套现 虚开 挪用 公款 偷工减料 挖沙 私自砍 乱砍 毁林 电鱼 捕鸟 猎杀 野生动物 倒建筑垃圾 无照 涉黄 黑中介 骗保 套取 占耕地 群租 大狗没有 地沟油 偷着排 收了开发商 红包 不给开发票 不开发票 拒开发票"
    ),
    Kind.COMPLAINT: (
        "态度差 态度恶劣 态度不好 态度很差 态度特别差 态度太差 不满 推诿 踢皮球 不作为 乱收费 服务差 服务太差 拒载 骂人 骗人"
        " 欺负 敷衍 太差劲 不讲理 强制消费 霸王条款 不给退 乱扣 乱收 不退 不给换 不给办 不给开 不批 拒绝 拒收 拒赔 欠我 拖欠 克扣 跑路 跑了 擅自 强制 强行 霸占 坑人 宰客 欺骗 假货 不合理 不负责任 不认账 扰民"
        " 糊弄 不处理 爱答不理 蛮横 刁难 无故 违约 烂尾 扣费 歧视 虐待 体罚 偷工 不干活 不到位 不给交 不交社保 不给上 不给解决 不解决 光收钱 不耐烦 不给发 虚假 欺诈 不赔 不给赔 不给我 气死 太过分 太不像话 像话 没良心 形同虚设"
        " 服务态度 甩客 甩站 绕路 乱作为 不公平 不公正 暗箱 强拆 没王法 太气人 太坑 黑心 忽悠 骚扰 丢件 不兑现 退不了 说话不算 不送上门 不送上楼 推脱 睡大觉 乱涨 凭什么 管不管 谁管 有人管吗 没人管吗 干什么吃 为什么不管 为什么没人 怎么没人管 怎么还不 为什么还不"
        " 没人清 没人扫 没人打扫 没人收 没人换 没人管 没人理 没人处理 没人维护 没人拉 不来修 不给修 不修 都不管 也不管 两边都不管 不管事 不解释 没公示 不公示 没通知 不通知 不公布 不公开 没公开 不扫 从来不 太脏 太臭 臭得 脏得 太短 太远 太吵 吵死 吵得 太响 呛人 太呛 熏得 太贵 太狠 太乱 太慢 太差 太挤 太高 太大 太长 太暗 乱放 乱堆 乱扔 乱倒 乱贴 堆满 成堆 满地 堵死 糊弄人 不服 瞪眼 欺人 一走了之 不当回事 打发 不同意 太麻烦 太少 抽烟 吸烟 这合理吗 有这样的吗 像话吗 怎么不管 为什么总 为什么老 怎么总是 不让"
    ),
    Kind.SUGGESTION: (
        "希望增设 希望增加 希望能增加 能否增设 能否增加 能不能增加 最好能 应该增加 希望能增设 能不能增设 能不能开 应该装 应该设 应该建 应该加 应该有 希望建 希望修建 希望开通 希望能开通 能否开通 应该给 应该在 最好是 希望多 能不能多 可以考虑 是否可以增加"
        " 是否可以增设 希望加装 希望安装 希望设 希望派 希望社区开 希望恢复 能不能缩短 能不能延长 能不能改成 希望延长 多设 多修 多放 增设一 不如把 不如在 不如建 要是能在 要是能有 希望出台 希望推广 不妨 能不能加 能否加 如果能 应该公示 应该挂牌 应该安排 更方便 改成单 希望加"
    ),
}
HINTED_ENGLISH: dict[Kind, tuple[str, ...]] = {
    Kind.PRAISE: ("thank you for", "thanks for", "grateful", "wonderful", "very kind", "excellent service"),
    Kind.TIP_OFF: (
        "illegal dumping", "unlicensed", "without a licence", "without a license", "gambling", "illegal", "illegally building", "bribe", "fraud", "scheme and cheats", "no license", "no permit", "without a permit", "counterfeit",
        "fake goods",
    ),
    Kind.COMPLAINT: (
        "rude", "unacceptable", "terrible service", "overcharged", "refuses", "refused", "won't refund", "will not refund", "ignores", "ignored", "nobody cares", "loud music", "unbearable", "every night", "forced us", "money back", "filthy", "dirty", "disgusting", "piles up", "piled up", "smokes", "dumps", "run loose", "doubled the", "laughed", "hung up on", "never answers", "never comes", "nobody comes", "never stops",
        "scam", "cheated", "dishonest", "harass", "never shows up", "keeps charging", "raised the fee", "all night", "keeps me awake", "parked cars", "block the", "blocked by", "always blocked", "took all the", "unfair",
    ),
    Kind.SUGGESTION: ("it would be better", "it would be nice", "it would be great", "it would help", "would be good to", "why not put", "why not build", "why not", "how about", "could the city", "there should be", "should add", "should have more", "please consider", "could you add", "run later", "more frequent", "i hope you can add", "why not add", "need more"),
}  # fmt: skip
# Longer words that hold one of the above and mean something else.
FALSE_FRIENDS = (
    "没有保密 不保密 没保密 保密局 保密协议 不知道怎么说 不知道该怎么说 不知道怎么讲 不知道该怎么讲 不知道说什么 上哪说理 去哪说理 上哪说理去 去哪儿说理 不知道去哪 还给我们添 不还给我 没还给我 多亏了我 多亏我 违法停车 违法建设 违法建筑 非法小广告 投诉电话 投诉无门 建议书 不感谢 违法处理 消费者投诉 不是投诉 不投诉 不是举报 不是来投诉 交通违法 违规停车 举报电话 投诉渠道 "
    " 反映过建议 违法行为处理 医疗咨询 咨询公司 咨询台 心理咨询 法律咨询 咨询电话 咨询窗口 咨询费 跑了好几趟 跑了三趟 跑了两趟 跑了几趟 跑了一趟 不退不换吗 没证据 没证明 违法占"
    " 不让人省心 违章罚款 无照片"
)
# Said at the beginning of a clause or at its end, these ask.
QUESTIONS = (
    "怎么 什么时候 如何 是多少 几点 什么材料 哪些材料 带什么 什么手续 什么条件 哪些条件 在哪办 在哪里办 去哪 多少钱 能报销吗 可以报销 什么政策 什么规定 什么标准 电话多少 上班吗 办公时间 需要什么 需要哪些 多长时间 是否可以 多久 几天 几年 几号 哪天 哪年"
    " 哪里 哪儿 哪个部门 哪个区 哪个窗口 找谁 归谁 谁管的 谁负责 谁负 能否 是否 有没有 是不是 可不可以 能不能办 可以办 能办吗 要不要 需不需要 会不会 多少度 多少 什么区别 什么流程 什么证 啥材料 啥时候 咋办理 咋申请 咋弄 咋交 咋查 怎样 什么要求 什么情况 有什么 有啥 是什么 干什么的 算不算"
    " 哪种 什么地方 啥手续 几个月 多大 行不行 行吗 哪家 何时 能申请 能补办 能转 能领 可以申请 可以领 合法吗 违法吗 违规吗 合理吗 能不能 哪个 上哪 在哪补 在哪换 在哪改 在哪领 在哪交 在哪申请 在哪报 怎么投诉 怎么举报 哪里投诉 去哪投诉 去哪举报 在哪投诉 向谁投诉 几次 几月份 几月 几个点 几张 几路 几岁 谣言吧 真的假的 开不开 收不收 交不交 用不用 报不报 给不给报 什么时候修通 什么时候通车 什么时候开通 吗"
)
QUESTIONS_ENGLISH = (
    "how do i", "how can i", "where can i", "what documents", "opening hours", "how much", "when will", "what time", "how to", "what is the", "what are the", "which office", "where do i", "do i need", "can i ", "does my", "is it legal",
    "is there any", "who inspects", "which department", "when does", "when is", "where is", "am i eligible", "are there any", "who do i", "how long", "how many", "what should i",
)  # fmt: skip
# Topics where somebody's conduct is told rather than something broken, by the second or third level of the catalogue.
_OF_CONDUCT = (
    "房产中介 征收拆迁 房屋装修 施工管理 占道经营 餐饮油烟 生活噪声 大气/异味 停车管理 交通秩序 共享单车 客运 养犬 群租/地下室 消费纠纷 预付卡 食品安全 价格 特种设备 金融 就医服务"
    " 社会办学 学前教育 校园管理 薪酬纠纷 就业 养老服务 社区居务 殡葬婚姻 村务/土地 文化旅游 体育健身 办事服务 干部作风 小区停车 商品房 门前三包 高空抛物 物业服务差/收费"
    " 垃圾清运 公厕 小广告 楼道堆物 水环境 规划"
    " 公交 地铁 通信 邮政快递 消防 有线电视"
)
OF_CONDUCT = frozenset(_OF_CONDUCT.split())
# Of these only what is not simply broken.
OF_WORKS = frozenset(("公交", "地铁", "通信", "消防", "有线电视"))
# Against the law by their nature.
OF_LAW = frozenset(("违法建设", "矿产资源"))
