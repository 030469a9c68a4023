"""Variant characters that the Traditional to Simplified table leaves alone, each with its standard form.

Old printing shapes, variants abolished by the list of 1955 (第一批异体字整理表), hand-written and foreign reductions
seen in typescripts and newspapers, and radicals that some PDF producers write in the place of characters. Only forms
that are the same word; the archive may add its own. They are folded for comparison, never in what is stored or shown.
"""

from typing import Final

_GROUPS: Final = """
一弌 三弎 丐匃 专専 世卋 两両 严厳 个亇 丰豊 举挙擧 乃廼迺 乐楽 乘乗 乡鄊郷鄕 二弍 于扵
亚亜 亡亾 亩畆畮畞畒畂 从従 仑崘 仙僊 价価 仿髣 会㑹 体躰軆 佛仏 俟竢 俭倹 倦勌 值値 假仮
健徤 儿児 克尅 兔兎 关関闗 兽獣 冰氷 冱沍 净浄 准凖 凳櫈 出岀 击撃 函凾 刨鑤 券劵 剂剤
剃鬀 剑劎劔剣 剩膡賸 劝勧 劫刧刼刦 劳労 勋勲 匆怱悤 华蕐 协恊 单単 卖売 博愽 卫衞 卮巵
厄戹 厅廰庁厛 历歴厯 厩廐廏 县県 参叅 发発髪 变変 叙敍 叠疉畳 叩敂 同仝 听聴 启唘 吴呉
告吿 呼嘑謼 和咊龢 咒呪 哄閧 啸歗 喧諠 嗅齅 回囘囬 团団 国囯囻囶 图図 圆円 圈圏 场塲 址阯
坏壊 坞隖 堤隄 塔墖 填塡 增増 壤壌 壹壱 处処 多夛 奔逩犇 妆粧 妊姙 妒妬 妩娬 姊姉 婿壻
学斈 宁甯寗寕 宝寳 实実 宴醼 宽寛 密宻 察詧 对対 寿夀 尚尙 尝甞 岁歳 岛嶌嶋 岩巌 峒峝
峭陗 嵯嵳 巢巣 帆颿 帮幇幚 干乹 年秊 并竝倂 广広 庄荘 应応 庶庻 廒厫 弄衖 弊獘 弹弾 归帰
彝彜 往徃 征徴 徇狥 德徳惪 怪恠 总縂緫惣総摠 恶悪 恼悩 悍猂 悖誖 惠恵 惭慙 愆諐 愈瘉 慎愼
憩憇 懒嬾 戏戯 战戦 戚慽 户戸 扎紥 扩拡 扬掦 抵觝 拂払 拓搨 拔抜 拜拝 择択 拶桚 挡攩
据拠 捶搥 揉楺 插挿揷 揭掲 携擕 摄摂 摇揺 撰譔 操撡 擒捦 效効 救捄 敕勅 斋斎 斗鬦鬭闘鬪
斝斚 斤觔 昆崐 明朙 昏昬 映暎 春旾 昵眤 显顕 晓暁 晚晩 暖煖煗 曹曺 曾曽 朵朶 杂襍雑 权権
村邨 构搆 柏栢 柳栁 栖捿 样様 桌槕 桑桒 梅楳 梨棃 检検 棕椶 棹櫂 楠枏柟 楫檝 概槪 榨搾
槁槀 槟梹 樯艢 樱桜 樽罇 檐簷 欢歓 款欵 歌謌 步歩 每毎 毗毘 毡氊 气気 氛雰 汇彚 污汚
法灋 泪涙 泷滝 泽沢 济済 浙淛 涉渉 涩渋 淳湻 清淸 溪渓 滨浜 潜濳 濑瀬 灵霛霊 灾烖 炮砲
炯烱 点奌 炼錬 烧焼 烨爗 焊銲 焰燄 照炤 熙熈煕 燕鷰 燮爕 牺犠 犁犂 猎猟 猿猨 獾貛 珉砇
珍珎 琉瑠璢 琴琹 瓮罋 略畧 疏疎踈 瘦痩 皋皐 皓暠 盍盇 盐塩 盖葢 盼盻 眷睠 睹覩 瞅矁 矿鑛
研硏 砖塼甎 砧碪 碗椀盌 碱鹻 秋秌穐龝 稚稺穉 稳穏 稻稲 稿稾藁 穗穂 窑窰 窗窓窻牕 第苐 筇笻
答荅 签籖 算祘筭 箬篛 箸筯 篪竾箎 粗麤 粳稉秔 粽糭 糖餹 糠穅 縆緪 繁緐 纤繊 纸帋 线缐
经経 绒羢 继継 绪緖 续続 绳縄 绵緜 罂甖 罚罸 羌羗 美羙 翅翄 翱翶 翻飜繙 考攷 耕畊 聃耼
职耺 联聨聫 聪聦聡 肠膓 肯肎肻 胸胷 脉衇 脏臓 脑脳 腊臈 腮顋 膳饍 舍舎 船舩 艳豓 苏甦蘓
草艸 荣栄 药薬 莅涖 菰苽 萼蕚 蕊蕋蘂 藏蔵 虚虗 蚊蟁 蛇虵 蛔蛕 蛙鼃 蝶蜨 蟹蠏 蠹蠧 衄衂
衽袵 袅褭 袜韈 裙裠帬 裸臝躶 褓緥 观観 觅覔 览覧 觉覚 解觧 让譲 讹譌 译訳 读読 谷糓 豆荳
貌皃 赍賷 赖頼 赞賛 趁趂 跺跥 蹄蹏 躲躱 转転 软輭 轻軽 辄輙 辈軰 边辺邉 迟遅 迤迆 迥逈
逃迯 递逓 遁遯 遍徧 邪衺 邻隣 郁欝 酬酧醻詶 酿醸 醇醕 醉酔 释釈 野埜壄 釜釡 钱銭 钵盋
钻鑚 铁鉄銕 铸鋳 铺舗 锁鎻 闰閠 闸牐 闹閙 阔濶 阴隂 阶堦 陀陁 附坿 险険 陷陥 隐隠 隶隷
雁鴈 雍雝 雠讐 霸覇 青靑 面靣 鞍鞌 韭韮 顾頋 颐頥 额頟 颠顚 飘飃 飙飇 饪餁 饮飮 馍饝
驮駄 驱駆 驿駅 验騐験 骚騒 骡驘 高髙 鬃騣鬉 鬓鬂 鲜尠尟鱻 鳖鼈 鸡鶏 鹅鵞 鹇鷼 麟麐 黑黒
默黙 鼓皷 鼠鼡 齐斉 齿歯 龟亀
"""

_RADICALS: Final = """
母⺟ 民⺠ 虎⻁ 西⻄ 见⻅ 角⻆ 贝⻉ 车⻋ 长⻓ 门⻔ 青⻘ 页⻚ 风⻛ 飞⻜ 食⻝ 马⻢ 骨⻣ 鬼⻤
鱼⻥ 鸟⻦ 卤⻧ 麦⻨ 黄⻩ 黾⻪ 齐⻬ 齿⻮ 龙⻰ 龟⻳ 韦⻙ 糸⺯ 辶⻌
"""

VARIANTS: Final[dict[str, str]] = {
    variant: group[0] for group in (_GROUPS + _RADICALS).split() for variant in group[1:]
}
"""Variant to standard form: in each group the first character is the standard one."""
