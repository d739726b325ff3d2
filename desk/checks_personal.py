"""Personal data 个人信息 in what would be printed: the editor decides, and the decision is recorded.

Telephone, identity card (with its checksum, GB 11643-1999), bank card (Luhn, ISO/IEC 7812-1), a flat's
door, minors by name, illness with a surname, ages of named people. Personal Information Protection Law
of the PRC, art. 28: health and everything about minors under fourteen are sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..crawler.byline_names import HAN
from ..index.normalise import fold_characters
from .checks_figures import chinese_number
from .checks_names import people
from .finding import Kind, Severity, Spot

ADULT = 18
CHILD = 14

_MOBILE = re.compile(r"(?<![\d-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d-])")
_LANDLINE = re.compile(r"(?<![\d-])0\d{2,3}[-—－ ]\d{7,8}(?!\d)")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
_OLD_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{15}(?![\dA-Za-z])")
_CARD = re.compile(r"(?<![\d.])\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![\d.])")
_DOOR = re.compile(
    r"(?:(?<!\d)\d{1,4}|[A-Za-z一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座)(?:\d{1,3}|[一二三四五六七八九十]{1,3})单元(?:\d{1,5}|[一二三四五六七八九十]{1,3})(?:室|号|户)?"
    r"|单元\d{3,4}(?:室|号)?"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*")
_AGE = re.compile(r"(?P<n>\d{1,3}|[一二三四五六七八九十百]{1,4})(?P<more>[多余])?(?:周?岁)")
_ILLNESS = re.compile(
    r"癌|肿瘤|白血病|尿毒症|肾衰|透析|艾滋|肝炎|肺结核|糖尿病|高血压|心脏病|冠心病|脑梗|脑溢血|脑出血|中风|偏瘫|瘫痪|截瘫|癫痫|抑郁|精神病"
    r"|精神分裂|精神障碍|自闭症|孤独症|唐氏|痴呆|帕金森|残疾|失明|失聪|聋哑|脑瘫|侏儒|矽肺|尘肺|重病|大病|患病|患有|身患|罹患|确诊|病重|卧病|卧床"
    r"|手术|化疗|放疗|流产|不孕|智力|股骨头坏死|类风湿|红斑狼疮|骨折"
)
_MINOR_WORDS = re.compile(
    r"小学生|中学生|初中生|高中生|幼儿|未成年|留守儿童|困境儿童|孤儿|女童|男童|女孩|男孩|小朋友|儿童|婴儿|孩子|学童|少年"
)
_ADDRESSED = re.compile(
    rf"(?P<name>[{HAN}](?:某某?|大爷|大娘|大妈|大叔|大姐|大哥|奶奶|爷爷|阿姨|叔叔|婶|老汉|老人|先生|女士|师傅|家)|老[{HAN}]|小[{HAN}](?=[，。、（(]))"
)
_NOT_ADDRESSED = re.compile(
    "^[一二三四五六七八九十两几每各全那这的和与家大人们老位名个]|老(?:人|年|百|党|兵|旧|街|区|师|乡|家)"
)
_ALIAS = re.compile(r"化名|（?均为化名）?|某某|[赵钱孙李周吴郑王刘陈杨张][某×]")
_PUBLIC = re.compile("热线|咨询|举报|监督|客服|值班|服务电话|公开电话")


def personal_data(text: str) -> list[Spot]:
    """Everything of the kinds above in a text, in order."""
    folded = fold_characters(text)
    found = [*_numbers(folded), *_people(folded)]
    return sorted(found, key=lambda one: (one.start, one.kind))


def _numbers(text: str) -> Iterator[Spot]:
    taken: list[tuple[int, int]] = []
    for match in (*_IDENTITY.finditer(text), *_OLD_IDENTITY.finditer(text)):
        if is_identity_number(match.group()):
            taken.append(match.span())
            yield _spot(
                "identity", "ask", match.span(), "疑似身份证号，不应刊出", "an identity card number"
            )
    for match in _MOBILE.finditer(text):
        if not _inside(match.span(), taken):
            taken.append(match.span())
            yield _spot(
                "phone",
                "ask",
                match.span(),
                "手机号码，刊出前须本人同意",
                "a mobile telephone number",
            )
    for match in _LANDLINE.finditer(text):
        near = text[max(0, match.start() - 12) : match.start()]
        if not _PUBLIC.search(near):
            yield _spot(
                "phone", "ask", match.span(), "电话号码，请核实是否为公开电话", "a telephone number"
            )
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if not _inside(match.span(), taken) and _luhn(digits):
            yield _spot(
                "account", "ask", match.span(), "疑似银行卡号，不应刊出", "a bank card number"
            )
    for match in _DOOR.finditer(text):
        yield _spot("address", "ask", match.span(), "具体到单元、户的住址", "the address of a flat")


def is_identity_number(number: str) -> bool:
    """Whether the digits are a citizen's identity number: birthday and checksum right (GB 11643-1999),
    or one of fifteen digits of before 1999."""
    if len(number) == 15:
        return number[:2] in _PROVINCES and _is_day("19" + number[6:12])
    if len(number) != 18 or number[:2] not in _PROVINCES or not _is_day(number[6:14]):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


_PROVINCES = frozenset(["11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"])  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2100


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _people(text: str) -> Iterator[Spot]:
    for sentence in _SENTENCE.finditer(text):
        words, at = sentence.group(), sentence.start()
        named = list(_named(words))
        if not named:
            continue
        ages = [_age(match) for match in _AGE.finditer(words)]
        young = [age for age in ages if age is not None and age < ADULT]
        minor = _MINOR_WORDS.search(words)
        if young or (minor and _is_of(minor, named, words)):
            start, end = _nearest(named, minor.start() if minor else _AGE.search(words).start())  # type: ignore[union-attr]
            said = "未满十四周岁" if young and min(young) < CHILD else "未成年人"
            yield _spot(
                "minor",
                "ask",
                (at + start, at + end),
                f"{said}的姓名，应隐去或用化名",
                "a minor by name",
            )
            continue
        if ill := _ILLNESS.search(words):
            start, end = _nearest(named, ill.start())
            zh = f"姓名（姓氏）与病情（{ill.group()}）同时出现，属敏感个人信息"
            yield _spot(
                "illness", "ask", (at + start, at + end), zh, "a person by name with an illness"
            )
        elif match := _AGE.search(words):
            start, end = _nearest(named, match.start())
            if abs(start - match.start()) <= 16:
                zh = f"具名人物的年龄（{match.group()}），请考虑是否必要"
                yield _spot("age", "note", (at + start, at + end), zh, "a named person's age")


def _named(words: str) -> Iterator[tuple[int, int]]:
    """People named or called by their surname in a sentence; aliases are meant to be printed."""
    if "化名" in words:
        return
    seen: set[int] = set()
    for one in people(words):
        seen.add(one.start)
        yield one.start, one.end
    for match in _ADDRESSED.finditer(words):
        called = match.group()
        surname = called[0] in _CALLED or called[1:2] in _CALLED
        if surname and match.start() not in seen and not _NOT_ADDRESSED.match(called):
            yield match.span()


_CALLED = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹潘葛范彭鲁韦马苗花俞任袁柳鲍史唐薛雷贺汤罗毕郝安常齐康伍余顾孟黄萧尹姚邵汪毛戴宋庞熊纪屈项祝董梁杜阮闵季贾江郭梅林钟徐邱骆高夏蔡田樊胡霍卢莫丁邓洪崔龚程邢裴陆翁荀段侯武刘景龙叶黎白赖乔阴谭申冉桑牛边冀温庄柴阎慕连茹习易廖步耿聂晁关曾游肖闫原郜"
) | frozenset("解")


def _is_of(minor: re.Match[str], named: list[tuple[int, int]], words: str) -> bool:
    """The name stands right behind or before the word: 小学生李…, not 李…的孩子们."""
    for start, end in named:
        if 0 <= start - minor.end() <= 2 or (
            0 <= minor.start() - end <= 8 and "是" in words[end : minor.start()]
        ):
            return True
    return False


def _nearest(named: list[tuple[int, int]], to: int) -> tuple[int, int]:
    return min(named, key=lambda one: (abs(one[0] - to), one))


def _age(match: re.Match[str]) -> int | None:
    text = match["n"]
    value = int(text) if text.isdigit() else chinese_number(text)
    return int(value) if value is not None else None


def _inside(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)


def _spot(kind: Kind, severity: Severity, span: tuple[int, int], zh: str, en: str) -> Spot:
    return Spot(kind, severity, *span, zh, en)
