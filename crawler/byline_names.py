"""Personal names in bylines: which run of characters is a name, and where one ends.

Names are two to four Han characters (or foreign-style names with a middle dot); a two-character
name is often padded with a space to the width of three (``孟 舟``). A run without separators can
only be cut with a list of surnames, and such a cut is marked as uncertain.
"""

from __future__ import annotations

import re
from typing import Final

HAN: Final = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Inside of a character class: every Han character, the rare ones of personal names included."""

_SINGLE = """
赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭
郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟
平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童
颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉
钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲
伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍
双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼
容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶
空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公付肖闫代木冶亓仝佟佘侍信俱候兰冼初呼哈门原
员回邸嘎图多奉妥宝展岳巨帅帖库弥强律忻念意战所揭撒撖昂智晋曳朴来杞枚桥楚樓母毌海涂淡渠源漆
火牟税种稽站续缑缪缴罕羽老者肇腾苑苟荔药莽菅萨藏蘧行衣要覃讷谌谯豆迟迮郇郄郐郜郝鄢酒铁银阳阿降陕
尉亢雒郤鄯逄青冮静顿香骞鬲鲜鹿麦黑
"""

SURNAMES: Final = frozenset(_SINGLE) - frozenset("\n图所要者种站回多行来须经能")
"""Single-character surnames, less those that begin common words more often than names."""

COMPOUND_SURNAMES: Final = frozenset(
    [
        "万俟",
        "司马",
        "上官",
        "欧阳",
        "夏侯",
        "诸葛",
        "闻人",
        "东方",
        "赫连",
        "皇甫",
        "尉迟",
        "公羊",
        "澹台",
        "公冶",
        "宗政",
        "濮阳",
        "淳于",
        "单于",
        "太叔",
        "申屠",
        "公孙",
        "仲孙",
        "轩辕",
        "令狐",
        "钟离",
        "宇文",
        "长孙",
        "慕容",
        "鲜于",
        "闾丘",
        "司徒",
        "司空",
        "亓官",
        "司寇",
        "子车",
        "颛孙",
        "端木",
        "巫马",
        "公西",
        "漆雕",
        "乐正",
        "壤驷",
        "公良",
        "拓跋",
        "夹谷",
        "宰父",
        "谷梁",
        "段干",
        "百里",
        "东郭",
        "南门",
        "呼延",
        "羊舌",
        "微生",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "南宫",
        "第五",
        "贺兰",
        "独孤",
        "纳兰",
        "完颜",
        "叶赫",
        "耶律",
        "那拉",
    ]
)
"""Compound surnames 复姓."""

NOT_NAMES: Final = frozenset(
    [
        "完",
        "图",
        "左",
        "右",
        "中",
        "上",
        "下",
        "前",
        "后",
        "续",
        "略",
        "化名",
        "资料图片",
        "资料图",
        "资料照片",
        "网络图片",
        "见图",
        "见上图",
        "见下图",
        "上图",
        "下图",
        "图片",
        "待续",
        "节选",
        "未完待续",
        "连载",
        "终",
        "摘要",
        "摘编",
        "有删节",
        "有删改",
        "本文有删节",
        "广告",
        "全文",
        "全文完",
        "公益广告",
        "正文完",
        "从左至右",
        "高清",
        "方言",
        "黄河",
        "时任",
        "常务",
        "均为化名",
        "受访者",
        "笑声",
        "掌声",
        "和平",
        "平均",
        "成立",
        "安全",
        "时代",
        "文明",
        "明天",
        "江山",
        "古城",
        "金秋",
        "阳光",
        "文化",
        "广场",
        "公里",
        "公斤",
        "公众",
        "公开",
        "公益",
        "农民",
        "农村",
        "干部",
        "党员",
        "党委",
        "党史",
        "党建",
        "党支部",
        "国家",
        "关于",
        "时间",
        "全国",
        "全省",
        "全市",
        "全县",
        "通讯",
        "通讯员",
        "记者",
        "路上",
        "强调",
        "家门口",
        "应急",
        "相关",
        "广泛",
        "同比",
        "利用",
        "农历",
        "上午",
        "下午",
        *("简介", "介绍", "手记", "札记", "观察", "调查", "来信", "感言", "寄语", "点评", "单位"),
        *(
            "附记",
            "按语",
            "谢谢",
            "您好",
            "你好",
            "好的",
            "是的",
            "是吗",
            "连线",
            "推荐",
            "视点",
            "后记",
            "视频",
        ),
    ]
)
"""Words that stand where a name could stand and pass the surname test, or are marks of the paper."""

ORG_ENDINGS: Final = (
    "融媒体中心|融媒中心|传媒中心|新闻中心|宣传中心|服务中心|中心|宣传部|组织部|统战部|政法委|党委|支部|总支|机关党委|党组|"
    "工委|纪委|县委|市委|区委|省委|团委|妇联|工会|总工会|委员会|办公室|政府|街道办|办事处|社区|居委会|村委会|"
    "党校|学院|大学|学校|中学|小学|医院|公司|集团|分公司|供电所|银行|协会|学会|联合会|局|厅|办|部|委|"
    "日报社|晚报社|报社|通讯社|新华社|电视台|广播电视台|电台|日报|晚报|晨报|时报|周报|新闻网|融媒|传媒|新闻社|网|所|站|队|室|党群部"
)
_ORG = re.compile(rf"^[{HAN}A-Za-z0-9·“”]{{2,30}}(?:{ORG_ENDINGS})$")
_NAME = re.compile(rf"^[{HAN}]{{2,4}}$")
_DOTTED = re.compile(rf"^[{HAN}]{{1,8}}(?:[·•・．][{HAN}]{{1,8}}){{1,3}}$")
_SEPARATORS = re.compile(r"[\s\u3000、，,/／\\;；|丨｜︱&]+")
# Codes that content systems put behind an editor's name: 纪怀瑾_NF44, 纪怀瑾 PK15.
_CODE = re.compile(r"(?<=[\u3400-\u9fff])[_＿]?[A-Z]{1,4}\d{2,}$|^[A-Z]{0,4}\d{2,}$")
_HANDLE = re.compile(
    r"^(?!(?:robot|admin|system|newsroom|editor|null)$)[A-Za-z][\w.-]{2,19}$", re.I
)
# Characters that stand in sentences and hardly ever in names: a run with one of them is no list.
_OF_SENTENCES: Final = frozenset("的了是在有和与对此这那我你他她们个等将被把由从到")


def is_organisation(token: str) -> bool:
    """Whether the token reads as a unit 单位 (``云溪县融媒体中心``, ``县委组织部``)."""
    return bool(_ORG.match(token))


def starts_like_a_name(token: str) -> bool:
    """Whether the first character or two is a known surname."""
    return token[:1] in SURNAMES or token[:2] in COMPOUND_SURNAMES


def is_name(token: str, *, labelled: bool = False) -> bool:
    """Whether the token can be one person's name.

    A name that stands behind a role word (``labelled``) needs no known surname: rare surnames are
    exactly what a list forgets. A bare one does.
    """
    if token in NOT_NAMES or (len(token) == 2 and token[1] in "网报社台"):
        return False
    if _DOTTED.match(token):
        return True
    if not _NAME.match(token) or is_organisation(token):
        return False
    if len(token) == 4 and token[:2] not in COMPOUND_SURNAMES and not labelled:
        return False
    if len(token) == 4 and _OF_SENTENCES & set(token[1:]):
        return False
    return labelled or starts_like_a_name(token)


def _cut_run(run: str) -> list[str] | None:
    """Cuts ``温小寒屈原野`` into names by surnames; three-character names are preferred."""
    if _OF_SENTENCES & set(run):
        return None
    best: list[list[str] | None] = [None] * (len(run) + 1)
    best[len(run)] = []
    for at in range(len(run) - 2, -1, -1):
        for size in (3, 2, 4):
            rest = best[at + size] if at + size <= len(run) else None
            head = run[at : at + size]
            compound = head[:2] in COMPOUND_SURNAMES
            if rest is None or not starts_like_a_name(head) or (size == 4 and not compound):
                continue
            best[at] = [head, *rest]
            break
    return best[0]


def _unpad(tokens: list[str]) -> list[str]:
    """Joins the halves of padded names: two neighbouring single characters, or 复姓 + one."""
    out: list[str] = []
    for token in tokens:
        single = len(token) == 1 and re.match(f"[{HAN}]", token)
        if single and out and (len(out[-1]) == 1 or out[-1] in COMPOUND_SURNAMES):
            out[-1] += token
        else:
            out.append(token)
    return out


def is_handle(token: str) -> bool:
    """Whether the token is the name that an editor goes by in Latin letters (``fangfang``)."""
    return bool(_HANDLE.match(token))


def names_in(
    text: str, *, labelled: bool, handles: bool = False
) -> tuple[list[str], list[str], list[str], bool]:
    """Reads a list of names: ``(people, organisations, rest, certain)``.

    ``rest`` is what is neither; ``certain`` is false when a run had to be cut by surnames. Only
    runs behind a role word are cut: 山西省侯马市 would pass for two names. With ``handles`` names
    in Latin letters count, as portals' editors sign.
    """
    # A character that the source had broken is left out; around it the name still stands.
    plain = text.replace("\ufffd", "").strip()
    tokens = _unpad([token for token in _SEPARATORS.split(plain) if token])
    people: list[str] = []
    organisations: list[str] = []
    rest: list[str] = []
    certain = True
    for whole in tokens:
        token = _CODE.sub("", whole)
        if not token:
            if handles and len(tokens) == 1:  # the code is all that the page says
                people.append(whole)
        elif two := _two_names(token) if labelled else None:
            people += two
            certain = False
        elif is_name(token, labelled=labelled) or (handles and is_handle(token)):
            people.append(token)
        elif is_organisation(token):
            organisations.append(token)
        elif labelled and 4 <= len(token) <= 16 and (run := _cut_run(token)):
            people += run
            certain = False
        else:
            rest.append(token)
    return people, organisations, rest, certain


def _two_names(token: str) -> list[str] | None:
    """``罗青苏禾``: four characters of which the first and the third are surnames are two names."""
    if len(token) != 4 or token[:2] in COMPOUND_SURNAMES or is_organisation(token):
        return None
    halves = [token[:2], token[2:]]
    return halves if all(is_name(half) for half in halves) else None
