"""What a page looks like, told from its lines: script, direction of writing, columns, tables."""

from collections.abc import Sequence
from itertools import groupby

from core.text import simplify
from media.lines import TextLine

_SHARE = 0.2
_TABLE = 0.5
_COLUMNS = 3
_COLUMN_LINES = 4


def describe(lines: Sequence[TextLine]) -> dict[str, str]:
    """The ``script`` (hans, hant, mixed, none) and ``layout`` (prose, columns, vertical, table, empty) of a page."""
    return {"script": script("".join(line.text for line in lines)), "layout": _layout(lines)}


def script(text: str) -> str:
    """Whether a text is written in simplified or traditional characters, told by those that the two do not share.

    A simplified text may quote a traditional title, and a few characters are simplified forms that are old themselves:
    up to a fifth of either kind does not change the answer.
    """
    traditional = sum(before != after for before, after in zip(text, simplify(text), strict=True))
    simplified = sum(character in _ONLY_SIMPLIFIED for character in text)
    told = traditional + simplified
    if not told:
        return "none"
    if traditional <= _SHARE * told:
        return "hans"
    return "hant" if simplified <= _SHARE * told else "mixed"


def _layout(lines: Sequence[TextLine]) -> str:
    total = sum(len(line.text) for line in lines)
    if not total:
        return "empty"
    if 2 * sum(len(line.text) for line in lines if line.direction == "v") > total:
        return "vertical"
    if sum(len(line.text) for line in lines if line.cell is not None) > _TABLE * total:
        return "table"
    return "columns" if _side_by_side(lines) >= _COLUMNS else "prose"


def _side_by_side(lines: Sequence[TextLine]) -> int:
    """How many runs of lines, each below the other, stand beside each other."""
    runs: list[list[TextLine]] = []
    for _block, members in groupby(lines, key=lambda line: line.block):
        for line in members:
            if runs and _is_below(line, runs[-1][-1]):
                runs[-1].append(line)
            else:
                runs.append([line])
    columns: list[tuple[int, int]] = []
    for run in runs:
        left, right = min(line.box.x for line in run), max(line.box.right for line in run)
        is_apart = all(min(right, end) <= max(left, start) for start, end in columns)
        if len(run) >= _COLUMN_LINES and is_apart:
            columns.append((left, right))
    return len(columns)


def _is_below(line: TextLine, other: TextLine) -> bool:
    return line.box.y > other.box.y and line.box.x < other.box.right and other.box.x < line.box.right


# Characters that came with the reform of 1956 and are no traditional ones: frequent, and each has exactly one meaning.
_ONLY_SIMPLIFIED = frozenset(
    "们这为来时个国说会对发经过动学么问进样现开关长门见东车马业书写"
    "亲从众优传伤伦伟务创劳势华协单卖卢卫历厉压县参双变叹号员响"
    "图团园围场坏块坚坛声处备够头夹夺奋妇孙实宝审宪宽宾寻导将尔尘层岁岂岛岭币师带帮帐广庄庆应庙废张弹强归录彻径忆忧怀态总恋恶悬惊惧惯愿戏战户扑执扩扫扬抚报担拟拥择挂挥损换据摄摆敌数斋断无旧显晋晓暂术机杀杂权条杨极构枪标树桥梦检楼"
    "欢欧歼残毁毕毙气汇汉汤沟沪泪泽洁洒浆测济浓润涌涛涨渐渔温湾湿灭灯灵灾炉炼烂烟烧热爱牵犹独狭狱猎环电画疗疯监盖盘矿码础确礼种积称稳穷竞笔筑签简粮纠红纪约级纯纲纳纵纷纸纹线练组细织终绍结绕给络绝统继绩续维绿编缘缩罗罚罢职联肃胜脑脚脸节芦苏茎荐荣药获莲营萧萨蓝虑虚虫虽补装觉观规视览计订认讨让训议记讲许论设访证评识诉词译试诗话询该详语误请读课谁调谈谋谢谱质贝负贡财责败账货贫购贮贯贴贵贷费贸资赏赔赛赞赵趋跃践车轨转轮软轻载较辅辆输辑边达迁迈运还远违连迟适选递逻遗邮邻郑酿释里鉴针钉钟钢钱铁铜银锋错键长闪闭闻阅队阳阴阶际陆陈险随隐难雾静韩页项顺须顾顿预领颇频题额颜风飞饭饮饰馆驱验骑骨鱼鲁鲜鸟鸡鸣麦黄齐龙龟"
)
