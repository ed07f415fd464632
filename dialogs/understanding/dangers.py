"""What residents say of danger to life; in words and in pairs (see pairs.py), slips of speech recognition among them."""

from enum import StrEnum


class Danger(StrEnum):
    """Kinds of danger; they differ in what takes the alarm back."""

    FIRE = "fire"
    GAS = "gas"
    SHOCK = "shock"
    TRAPPED = "trapped"
    INJURED = "injured"
    COLLAPSE = "collapse"
    WATER = "water"
    VIOLENCE = "violence"
    MISSING = "missing"
    SELF_HARM = "self_harm"

    def keyword(self, text: str) -> str:
        """Return the catalogue's keyword for it, given the text it was found in."""
        if self is Danger.GAS:
            return "煤气泄漏"
        if self is Danger.TRAPPED and any(word in text for word in ("电梯", "elevator", "lift")):
            return "电梯困人"
        return "着火"


_WHO = (
    "有人/老人/老太太/老太/老头/大爷/大妈/大叔/大姐/阿姨/孩子/小孩/小朋友/男孩/女孩/姑娘/小姑娘/小伙/小伙子/男的/女的/女子/男子/工人/工友/邻居/我妈/我爸/妈妈/爸爸"
    "/爷爷/奶奶/姥姥/姥爷/父亲/母亲/爱人/老公/老婆/媳妇/丈夫/妻子/儿子/女儿/孙子/孙女/路人/行人/司机/乘客/骑车的/一个人/个人/好几个人/两个人/外卖小哥/小哥/婴儿/宝宝"
    "/孕妇/病人/保洁/保安/流浪汉/同学/学生/人已经/人都/朋友/同事/骑手/人倒/人躺/人被/人卡/里的人/里面的人/婆婆/公公/外婆/外公/闺女/岳母/岳父/弟弟/妹妹/哥哥/姐姐/他/她/三岁/五岁/钓鱼的/男朋友/女朋友/室友/两口子/老两口/驴友/水管工/师傅/顾客/客人/店员/服务员/租客/前夫/游客/一家人/一家三口/人困/人还"
)

# fmt: off
CUES: dict[Danger, str] = {
    Danger.FIRE: (
        "着火 起火 失火 火灾 大火 冒浓烟 浓烟 烧起来 烧着了 爆炸 炸了 爆燃 燃爆 冒火 火苗 着起来 救火 山火 自燃 火势 火海 火光 火场 窜火 着货 着或 着伙 着祸 起货了 失货了 爆乍 暴炸 往外冒烟 着了火 起了火 着火啦 着起火"
        " 楼/屋/屋里/窗户/房子/店里/仓库/配电箱/电表箱/插座/楼道/三楼/五楼/二楼/四楼/六楼/一楼/足疗店/商场/宾馆/超市/配电室/变压器/电动车/电箱/仓房/门缝/电线/地下室/车里/屋顶/隔壁+冒烟/浓烟/都是烟/全是烟/烧着/火窜/窜出火/直冒烟/冒黑烟/往外冒黑烟"
        " 油罐车/罐车/气罐车/危化品车/罐子车+翻/翻了/漏/泄 天然气/煤气/燃气/变压器/锅炉/热水器/高压锅/气罐+爆了/爆炸/炸了 火+窜/烧到/烧过来/越烧越大/扑不灭/蔓延 加油站/化工厂/化学品/液氨/油罐车/氯气/危险品/加气站/硫酸/化工+漏油/泄漏/泄露/爆/漏了 液化气罐/煤气罐/窗帘/沙发/被子/灶台/电池/插线板/电视/电箱/垃圾桶/柴火/汽车+着了/点着了/烧着 煤气罐/汽油+点着/要点/泼了/引爆"
    ),
    Danger.GAS: (
        "煤气味 天然气味 燃气味 瓦斯味 煤气泄漏 燃气泄漏 天然气泄漏 煤气漏 燃气漏 天然气漏 漏煤气 漏天然气 漏燃气 燃气泄露 煤气泄露 天然气泄露 漏气 一氧化碳中毒 煤气中毒 闻到煤气 闻到燃气 闻到天然气"
        " 煤气的味 天然气的味 燃气的味 燃气报警器一直响 燃气报警器响 燃气管道破 燃气管断 燃气管破 煤气管断 挖断燃气 挖断了燃气 挖断天然气 挖断了天然气 煤汽泄 煤汽味 煤汽漏 燃器泄 燃器味 天然汽 漏汽 没气泄漏 没气泄露"
        " 没气味道 没气味儿 煤器泄 臭鸡蛋味 臭鸡蛋的味 煤气泻 燃气泻 液化气味 煤气洩 煤气外泄 燃气外泄 一氧化碳超标 煤烟中毒 气体中毒 煤气重毒 煤气种毒 沼气中毒 跑煤气 煤气跑 天然气往外 冒天然气 冒煤气 冒燃气 阀门关不上 一直呲气 呲气 闻着头晕 煤烟子味"
        " 燃气/煤气/天然气/液化气/煤气罐/瓦斯/燃气管/燃气管道/煤气管/煤气管道/天然气管道/液化气罐/煤汽+泄漏/泄露/漏了/在漏/一直漏/还在漏/漏得/喷/嗤嗤/打开了/拧开了/滋滋/呲呲/味特别大/味很大/味儿很大/味道很大/味道好大/味道特别/味道大/味大/味儿大/味道很浓/味儿特别/臭鸡蛋/还开着/呛人/好大的味/有味/漏/有股味/味道很冲/味儿冲/炸"
        " 燃气管/燃气管道/煤气管/煤气管道/天然气管道/天然气管+挖断/挖破/挖漏/破了/裂 燃气报警器/煤气报警器/燃气警报器/天然气报警器+一直叫/一直响/叫个不停/响个不停/狂响 煤/煤炉/炉子/取暖/燃气/煤气/蜂窝煤/炭火/热水器/天然气/液化气/煤烟/煤烟子味/沼气+头晕/恶心/晕倒/昏/中毒/站不起来/呕吐/没知觉/都吐了/吐了/头疼/熏倒/站不住"
    ),
    Danger.SHOCK: (
        "触电 电着人 电到人 被电击 电到了人 电死 带电的水 电线掉在地 电线掉下来 高压线断 高压线掉 漏电伤人 被电倒 电倒了 触店 处电 被电到 被电着 水里有电 水带电 触了电"
        " 灯杆/路灯/路灯杆/电线杆/栏杆/护栏/站牌/公交站/积水/广告牌/井盖/水里/健身器材/铁门+漏电/带电/有电/电人/麻手/电了"
        " 电线/高压线/电缆/线缆/高压电线+掉地上/掉在地/掉路上/掉在路/掉到地/掉马路/掉下来/掉了下来/断了掉/冒火/冒火花/火花/带着电/落在水/落地上/掉水里/垂到水/打火/噼啪"
    ),
    Danger.TRAPPED: (
        "电梯困人 困在电梯 困电梯 困在里面 电梯里出不来 电梯里出不去 卡在电梯 关在电梯 埋在下面 被埋 被压在 把人卡 人卡住 人卡在 被踩在 踩踏 被锁在 困住了 卡住了人 掉井里 有人掉 掉进了井 困在火 困再电梯 点梯困人 电题困人 困在水 困在山 被困山 困在车里"
        " 困在桥洞 困在井 困在屋里 被洪水困 电梯关人 困人 埋了人 埋了个人 埋了两个 埋了三个 埋了几个 埋了好几 堵在里面出不来"
        f" 电梯/轿厢/直梯/升降梯+困/困了/关着人/关了人/出不来/出不去/里面有人喊/卡在半空/喊救命/门打不开出/夹住人/夹人/夹住了/夹到手/关住了/关里面/困着/关里头"
        " 缆车/摩天轮/过山车/游乐设施/跳楼机/大摆锤/热气球/吊篮/游乐设施/索道/吊车+停在半空/卡在半空/下不来/悬在/吊在/困/卡住/挂着人/上面有人/上面还有/有人下不来"
        f" {_WHO}+被困/困在/压在底下/压在下面/压在车/被压/压住/压着/卡在/卡住/锁在车/锁车里/反锁/反锁在/没上来/上不来了/关起来/被关/拉上面包车/拉上一辆/没有上来/挂在窗/挂在外/爬到窗/爬窗户外/爬到阳台外/爬出窗/悬在/吊在半/掉化粪池/掉进化粪池/锁在屋/锁在厕所/陷在泥/还没出来/没出来/出不来/出不去/卡栏杆/困住/掉下去/掉进/掉到/掉坑/掉井/踩空/关在里面/陷进/陷在"
        " 压着/埋住/压住/埋着+个人/三个/两个/几个/工人/人了/个工人/好几个 洪水/大水/山洪+进村/冲走/困/漫进/人还在"
        " 头/手/脚/胳膊/腿/手指/脑袋+拔不出来/抽不出来/伸不出来 头卡/手卡/脚卡/头被/手被/胳膊/小手/手指/脑袋+卡在/卡进/绞进/夹在/绞住/卷进/被夹/被绞/卷进去/卡住拔"
        " 山里/山上/野山/野长城/林子+迷路/下不来/困/失联/走不出来/摔 吊篮/吊绳/绳子/安全绳+断/断了 工人/人/两个人+挂在/吊在/悬在/挂在半空 井/井盖/井口/井里/沟里/坑+孩子掉/人掉/老人掉/掉下去个/掉了个人 车被淹/车淹/车陷/车掉/出租车掉/轿车掉/面包车掉+出不来/人还在/里面有人/司机/没出来/桥洞/河里/水里/坑里"
    ),
    Danger.INJURED: (
        "昏迷 晕倒 昏倒 休克 没有呼吸 没呼吸 不省人事 叫不醒 大出血 流了好多血 流血不止 血流不止 满头是血 满脸是血 一地血 浑身是血 全是血 心脏病犯 犯心脏病 犯了心脏病 心脏病突发 嘴唇发白 心脏病发 心梗 脑梗发作 脑溢血 心脏骤停 心脏不跳"
        " 抽搐 噎住 有人受伤 人受伤 受重伤 受了伤 砸伤 砸到人 砸着人 砸了人 砸中人 砸死 撞伤 摔伤了起不来 摔倒起不来 摔倒了起不来 起不来了 烧伤 烫伤 食物中毒了"
        " 集体中毒 中毒了 羊水破 快生了 生命危险 坠楼 坠落 坠亡 从楼上掉下来 从楼上摔下 有人摔下 出人命 撞人了 车撞了人 撞了人 撞死人 撞飞 头破血流 口吐白沫 吐血了 服毒 喝农药 晕到了 晕过去 昏过去 昏到 昏弥"
        " 命悬一线 投毒 下毒 倒农药 惊厥 喘不了气 人不行了 人要没了 快没命 要死人了 活不成了 人没出来 人没上来 绞肉机里 人快没了 没心跳 有人要死 人快死 窒息 不喘气 人快不行 上不来气 断气 没脉搏 有人倒下 呼吸困难 停止呼吸 被蛇咬 骨头都露 吞药 吃安眠药 一瓶安眠药 被车碾 卷到车底 卷入车底 倒在血泊 呼救 没气了他 喊救命 救命 救名 快救人 快来救 叫救护车 叫救护 救护车快 人压住 把人压 压住人 压着人 压到人 浑身抽 昏到 晕道 晕到在 昏倒在 被蛇咬 蛇咬了 咬住不放 撕咬 意识模糊 意识不清 说不出话 嘴歪 中风了 脑出血 低血糖昏 呼吸不了 喘不上气 喘不过气来了 心跳停 熏倒 呼叫救命 血止不住 止不住血 直流血 一直流血 流血不停 淌血 嘴唇发紫 嘴唇都紫 嘴唇紫 脸发青 脸发紫 脸色发青 翻白眼 抽起来 半边身子 不会说话了 说不了话 嘴也歪 嘴歪了 中暑了 喘着粗气 疼得打滚 疼得直打滚 大面积烫伤 整条腿都是泡 不松口 误服 身子动不了 话也说不清 说话不清 呛住了 喘不上来 快没气 叫也不答应 叫不应 喊不应 喊不答应 叫都不醒 喊都不醒 掉粪坑 难产 高烧抽 吸毒过量 来回撞人 开车撞人 心口疼 心绞痛 血压220 血压二百 休克了 打摆子 骨头断 脖子卡 勒住脖子 救人啊 肠子 断了手指 手指断"
        f" {_WHO}+倒在地/倒地/倒在水/倒在路/躺在地/躺地上/躺在雪/躺在路/躺着不动/一动不动/没知觉/没有知觉/没意识/没呼吸/没有呼吸/昏/昏过去/晕倒/晕过去/喘不上气/喘不过气/喘不过来气/胸口疼/胸闷/吐血/流血/流了好多血/头都流血/大出血/抽搐/噎/脸都紫/脸都青/快不行/快冻僵/冻僵/被砸/被撞/被车撞/被车压/砸伤/撞倒/撞了/轧/碾/被狗咬断/摔下/摔下来/掉下来/掉下去/滚下/坠/吞了/误吞/误食/喝了洗洁精/喝了药/喝了农药/吃了药/烧伤/烫伤/中毒/电倒/腿断/腿好像折/扎伤/血流/心脏不好喘/发病/抽过去/不省"
        " 后脑勺/头/脑袋/额头/摔倒/滑倒/摔/滑+血止不住/流血/全是血/都是血/冒血/一摊血/不动了/昏 烫/开水/热水/油锅+皮都/掉皮/起泡/大面积 扶梯/机器/电动门/卷帘门/搅拌机/绞肉机/门+夹住/夹了/卷进/卷住/绞/夹住了小孩 翻车/侧翻/翻了/追尾/撞车/车祸+司机/人卡/受伤/压着/困/有人/出不来/流血/好几个人/昏 老人/老太太/大爷/孩子/我妈/我爸/爷爷/奶奶/工人/水管工/井下/老头/我奶奶+没反应/没有反应/没动静/没声了/没了呼吸 老公/前夫/男人/邻居/他/醉汉+打我/砍我/掐我/勒我 女人/孩子/有人/隔壁+惨叫/呼救 野猪/疯狗/精神病/猛犬+伤人/咬人了/见人就 吞/吃了/吃/一瓶/整瓶/好多/大量+安眠药 砸到/砸着/砸中/砸了/砸倒/压到/撞到/撞倒/撞了/轧了/碰倒/刮倒/扎到+行人/路人/过路的/路过的/孩子/老人/小孩/大爷/大妈/老太太/老太/个人/工人/两个/骑车的/人了/人，/女的/男的/孕妇/学生"
        " 吃了/吃完/误食/中毒/野蘑菇/蘑菇+昏迷/好几个人/抽搐/口吐白沫/不省人事/上不来气/呼吸困难 煤炉/煤/炉子/独居/老人/老两口/奶奶/爷爷/邻居+敲门不开/敲门没人应/叫门不开/不应声/打电话也不接 敲门/打电话+没人应/不应/没动静/没人答应"
        " 老人/老太太/大爷/独居/奶奶/爷爷+没开门/没出门/没人应/没动静/没见到人/三天没/好几天没见 敌敌畏/农药/百草枯/老鼠药/洗洁精/洁厕灵/84/消毒液/安眠药/一瓶药+喝/喝了/误喝/吞/吃了/灌 咬了/蛇/马蜂+迷糊/肿得/昏/喘不上/抽/过敏休克 要生/要生了/临产/生孩子+堵在/路上/来不及/救护车/羊水/快来/出租车"
    ),
    Danger.COLLAPSE: (
        "坍塌 倒塌 塌方 塌下来 塌陷有人 墙倒 楼歪 房子裂开 山体滑坡 泥石流 塔吊倒 脚手架倒 坍踏 倒踏 垮塌 塌楼 楼塌 房塌 山体垮 脚手架塌 吊车倒 吊车翻 龙门吊"
        " 车/公交车/汽车/轿车/货车/出租车+陷进去/陷下去 墙/围墙/院墙/房/房子/屋/房顶/屋顶/楼/楼板/桥/工棚/天花板/吊顶/顶棚/山体/基坑/房梁/阳台/危房/大棚/楼梯+塌了/塌/塌下/要塌/快塌/倒下来/坍/塌掉/塌下来/快倒了/要倒了/倾斜了快/塌了半边"
    ),
    Danger.WATER: (
        "溺水 落水 掉河里 掉进河 掉水里 掉进水 掉湖里 掉进湖 掉冰窟 被水冲走 冰面破 淹在水里 车被淹 冰窟窿 冰面裂 溺睡 落睡 水里扑腾 沉下去了人 船翻 掉进水库 掉水库 被淹了人 掉进泳池 掉冰里 水里捞 踩破冰 漂走了人 冲走了人 掉到河里 掉到水里"
        f" {_WHO}+扑腾/沉下去/冲走/淹/掉河/掉水/掉进河/掉进水/掉湖/滑到湖/滑到河/滑到水/滚到河/到湖里/到河里/到水里/进湖里/进河里/掉池塘/沉下/往河里跳/落水/跌进/滑进河/掉冰/被卷走/沉到"
        " 河里/湖里/水库/水里/池塘/泳池+有人喊/有人扑腾/漂着个人/漂着一个人/浮着个人/救人/淹着"
    ),
    Danger.VIOLENCE: (
        "砍人 持刀 拿刀 藏在衣柜 藏在柜 藏在床 不敢出声 有小偷在 小偷在屋 躲在厕所 躲在卫生间 躲在屋 杀了我 杀我全家 强暴 性侵 掐我脖 掐着脖 掐住脖 捅人 捅伤 捅了人 被捅 捅了一刀 杀人 行凶 绑架 抢劫 强奸 家暴 正在打人 正在打我 在打我 打我呢 往死里打 打死我 打得头破血流 群殴 打群架 动刀 非法拘禁 劫持 拐走 被拐 打起来了 抢孩子 人贩子 同归于尽 全家一起死 一起死吧 点煤气罐 打得满 迟刀 持到 抱走了孩子 打得半死 往死里踹 要打死 被人砍 要砍我 要杀我 好像被打 劫匪 家里进贼了他 刀砍 刀捅 躲在柜子 躲在衣柜 躲在床底 撬锁进 正在撬 他在撬 在撬门 在撬锁 要杀人"
        " 刀/菜刀/匕首/水果刀/砍刀/尖刀/斧子/斧头/铁棍/枪/钢管+砍/砍人/追/捅/乱挥/架在/扎人/威胁/要杀/对着/挥舞/打人/见人就/抡/架着/行凶/冲进/要砍/在楼下/在小区"
        " 拿/举着/拎着/抄起/掏出/拿着/手持+菜刀/刀/匕首/斧子/斧头/铁棍/枪/砍刀/钢管 打架/打得+满脸是血/满头是血/流血/出血/头破/快打死/不省人事/拿菜刀/动刀"
        " 正在/还在/现在+打老婆/打孩子/打人/殴打/家暴/打架/打我/砸门要/行凶/打我妈/打她/打他/虐待 闯进/冲进/撬门/踹门/砸门+我家/家里/屋里/要打/要杀/我躲/幼儿园捅/砍 有人/被人/孩子/陌生人/女孩/传销+强行拉/强行带/拉上车/拉上面包车/关起来了/拉上一辆/绑架/绑走/拖上车/拖走/跟踪我到/掳走/关起来不让/非法拘禁/劫持"
    ),
    Danger.MISSING: "孩子丢了 小孩丢了 老人走失 孩子走失 孩子不见了 孩子走丢 小孩走丢 老人走丢 小孩不见 老人不见了 儿童走失 女儿不见 儿子不见 孙子不见 老人失踪 孩子失踪 孩子被抱走 孩子被拐 老年痴呆走 被人抱走 孩子被人 孩子被抢",
    Danger.SELF_HARM: (
        "跳楼 自杀 轻生 不想活 活不下去 割腕 喝药自尽 死给你们看 死给你看 要自焚 自焚 上吊 寻短见 了结自己 想死的心 想死了算了 结束生命 跳河 跳桥 跳江 跳湖 要跳下 我跳下去 从这跳 从这儿跳 纵身一跃 不想醒 不想再醒 不想活着 活着没劲 活着太累 就跳下去 往下跳 活着没意思 活着没有意思 不活了"
        " 写好遗书 写了遗书 遗书 烧炭 了断 自残 跳漏 跳搂 自沙 清生 一死了之 死了算了 不如死了 去死了 活够了 割脉 我想死 要跳楼 从楼上跳 从楼顶跳 从桥上跳 跳喽 跳了楼 跳摟 喝了敌敌畏 一了百了 离开这个世界 告别人世 不想活下去 不想拖累 割了手腕 割手腕 割了腕 跟我告别 撑不住了想 跟全家一起死 想了断 活腻"
        " 楼顶/天台/窗台/栏杆外/桥上/桥栏杆/阳台外/塔吊/楼沿/窗户边+劝不下来/不肯下来/腿都在外/坐在边/哭着呢/要跳/想跳/跳下去/往下跳/站着个人/坐着哭/坐着个/站着一个/爬到/站在外面/外面要跳/边上坐/准备跳/女的站/男的站/孩子站/要往下"
    ),
}
_ENGLISH: dict[Danger, str] = {
    Danger.FIRE: (
        "on fire|a fire in|a fire on|a fire at|there is a fire|there's a fire|big fire|fire broke out|fire has broken|caught fire|catching fire|house fire|fire in the|fire on the|fire in my|fire in our"
        "|fire at the|fire next|fire downstairs|fire upstairs|fire! |is burning|are burning|burning down|explosion|exploded|heavy smoke|thick smoke|black smoke|full of smoke|smoke everywhere|smoke coming out|smoke is coming|smoke coming|smoke is pouring|smoke pouring|flames|fire!"
    ),
    Danger.GAS: "gas leak|gas is leaking|smell gas|smell of gas|smells of gas|smells like gas|gas smell|leaking gas|carbon monoxide|gas pipe broke|gas pipe burst|hissing|gas everywhere|gas coming out|gas line broke|hit a gas|rotten eggs",
    Danger.SHOCK: "electrocuted|electric shock|live wire|wire is down|wires are down|power line fell|power line is down|power line down|sparking|cable fell|electrified",
    Danger.TRAPPED: (
        "trapped|stuck in the elevator|stuck in an elevator|stuck in the lift|stuck in a lift|stuck inside|fell into|buried|stuck in elevator|locked in the car|locked in a car|locked in a hot car|locked in the hot|locked inside|stuck between floors|stopped between|stuck between two|locked in my|is inside|are inside|people inside|people in it|fell down a|fallen into|fell through"
        "|stuck in our elevator|stuck in our lift|stuck in lift|can't get out|cannot get out"
    ),
    Danger.INJURED: (
        "unconscious|not breathing|cannot breathe|can't breathe|bleeding|badly hurt|is hurt|are hurt|injured|heart attack|having a stroke|had a stroke|passed out|collapsed on the|dying|fell from|not responding|unresponsive|fainted|overdose"
        "|choking|hit by a car|hit by a truck|hit by a bus|car hit|truck hit|bus hit|ran over|run over|having a seizure|seizure|pool of blood|blood everywhere|call an ambulance|need an ambulance|send an ambulance|severely burned|poisoned|in labor|going into labour|won't wake up|collapsed and|mayday|save me|lying on the ground|bottle of pills|sleeping pills|not moving|cannot get up|can't get up|heatstroke|has collapsed|collapsed at|collapsed in|fell down the stairs|knocked down|bitten by a snake|snake bit|overturned|fell off the|hanging from|coughing blood|swallowed|help! help"
    ),
    Danger.COLLAPSE: "wall collapsed|balcony collapsed|floor collapsed|roof collapsed|building collapsed|ceiling collapsed|bridge collapsed|collapsed on|scaffolding collapsed|collapsing|about to collapse|landslide|crane fell|mudslide|caved in|wall fell on|ceiling fell on|tree fell on|roof fell on|house collapsed",
    Danger.WATER: "drowning|drowned|swept away|fell in the river|fell into the river|fell into the lake|fell through the ice|fell in the lake|boat capsized|boat overturned",
    Danger.VIOLENCE: (
        "with a knife|has a knife|waving a knife|swinging a knife|with an axe|holding a knife|knife attack|pulled a knife|stabbed|stabbing|kidnapped|being robbed|robbing|being beaten|beating me|beating his|beating her|beating my|domestic violence|attacking people|attacking me|is attacking|has a gun|gunshot|gun shots|gunshots|shooting|raped|being raped|broke into my|break into my|trying to break in|breaking into my|trying to kill|hitting me"
    ),
    Danger.MISSING: "my child is missing|my son is missing|my daughter is missing|lost my child|child went missing|kid is missing|missing child|is missing since|my mother is missing|my father is missing|wandered off",
    Danger.SELF_HARM: "suicide|kill myself|kill himself|kill herself|killing myself|want to die|jump off|about to jump|going to jump|wants to jump|threatening to jump|end my life|end his life|end her life|don't want to live|dont want to live|do not want to live|ending my life|cut her wrist|cut his wrist|cut my wrist|says he will jump|says she will jump|will jump|threatens to jump|cut his wrists|better off dead|hang myself",
}
# Longer words that hold one of the above and have nothing to do with danger, nor with its topics.
OTHER_THINGS = (
    "轮胎漏气 车胎漏气 自行车漏气 窗户漏气 门缝漏气 充气漏气 气球漏气 跳楼价 跳楼机 跳楼大甩卖 跳楼甩卖 爆炸头 工资被困 资金被困 落水管 落水口 要倒了垃圾 拿刀削 气炸了 气炸 炸街 我夹在中间 夹在中间没法 夹在中间难受 夹在中间为难 夹在中间两头 家长都炸了 群里炸了 群都炸了 业主都炸了 网上炸了 大家都炸了 大火箭 大火锅 大火力 大火候 开大火 大火炒 火锅 气得冒火 气得直冒火"
    " 气得我冒火 直冒火 眼睛冒火 嗓子冒火 爆炸式 信息爆炸 人口爆炸 抢劫似的 简直是抢劫 简直抢劫 跟抢劫 绑架式 道德绑架 绑架消费 消费绑架 捆绑 持刀具 想死的心情 不想活在 生意活不下去 救命稻草 救命钱 救命药 救命恩人 救命之恩 救命通道 救命线 救命的钱"
    " 救命款 杀人放火 噪音杀人 要炸了 快炸了 肺都气炸 家里炸了锅 炸了锅 炸锅 大火车 困难 困扰 困惑 困境 困住资金 自杀式 快活 火灾险 炸酱面 炸了毛 烟火气 火爆 起火箭 着火箭"
)
# The same, but it may well be what the matter is about: 火灾隐患.
FALSE_FRIENDS = (
    "火灾隐患 火灾保险 着火点 起火隐患 着火隐患 爆炸物品 爆炸性 困人隐患 火灾演练 火灾自动报警 火灾报警器 防火灾 触电隐患 触电风险 坠落隐患 坠落风险 高空坠落物 防坠落 坍塌隐患 坍塌风险 倒塌隐患 倒塌风险 火灾风险 着火风险"
    " 燃气泄漏报警器 燃气泄漏检测 燃气泄露报警器 老人走失手环 防走失 走失手环 防溺水 溺水警示 触电保护 漏电保护 漏电开关 打不着火 点不着火 不着火 救命通道 山火预警 出血热 防山火 护林防火 落水井 安眠药开 落水洞 遗书公证 放火烧荒 着起火来 自燃险 一键呼救 呼救器 呼救铃 呼救按钮 被锁在门外 被锁在外 反锁在外 反锁在门外 锁在外面 电脑中毒了 手机中毒了 电脑中毒 手机中毒 火苗发黄 火苗小 火苗太小 火苗不 打死我也 有燃气味吗 煤气味吗 快死了的心 救人员 安眠药处方 救人一命胜 救人工 要死了心 热死了 冻死了 饿死了 累死了 吵死了 困死了 笑死了 急死了 烦死了 臭死了 快死心 跳下去没 毒蛇展 高空坠物 因为停电死 扶手 门把手 拉手 骑手 选手 二手 洗手 手续 手机 手册 卡在哪 卡在那 卡在派出所 卡在系统 卡在审 卡在手续 卡在流程 卡在部门 卡在站点 压着工资 压着钱 压着不发 压着货 压着档案 压着押金 跳广场舞 跳舞 跳操 跳绳 捅天花板 捅马蜂窝 捅下水道 漏水 漏雨 暖气阀门 水阀门 死读书 停电死烟雾弹 累吐血 累吐血了 气吐血了"
)
_FALSE_FRIENDS_ENGLISH = (
    "fire lane|fire exit|fire door|fire escape|fire truck|fire station|fire hydrant|fire drill|fire extinguisher|fire safety|fire hazard|fire alarm|fire department|fire engine|fire inspection|fire passage|fireworks|firecracker|fired"
    "|firewall|campfire|wildfire season|fire risk|price collapsed|no fire|not on fire|no one is injured|nobody injured|no one injured|not injured|nobody was injured|nobody is hurt|no one is hurt|knife shop|cannot breathe well|can't breathe well|dying to|trapped in traffic|stuck inside traffic|drowning in noise|drowning in debt|drowning in paperwork|price exploded|bill exploded|exploded in price|fire insurance|fire code|is burning trash|burning trash|burning garbage|burning leaves|are burning coal|are burning trash|is burning coal"
    "|electric shock absorber|video shooting|shooting a film|film shooting|photo shooting|fire in the kitchen range|dying trees|dying tree|trees are dying|plants are dying|grass is dying|swallowed my card|swallowed the card"
)
# fmt: on


def english(words: str) -> list[str]:
    """Part a list of English words, whose blanks belong to them."""
    return words.split("|")


ENGLISH_CUES: dict[Danger, list[str]] = {danger: english(_ENGLISH[danger]) for danger in Danger}
FALSE_FRIENDS_ENGLISH = english(_FALSE_FRIENDS_ENGLISH)
