"""What the rules of the annotator are called where people read them."""

from __future__ import annotations

from typing import Final

RULE_WORDS: Final[dict[str, str]] = {
    # the place
    "full-name": "写出了全称",
    "old-name": "写的是旧名",
    "short-name": "写的是简称",
    "town": "写出了乡镇（街道）",
    "town-by-source": "写出了乡镇（街道），同名的不止一个，按来源认定",
    "town-by-area": "写出了乡镇（街道），同名的不止一个，按文中的省市认定",
    "town-by-home": "写出了乡镇（街道），同名的不止一个，按本省认定",
    "runner-up": "也曾考虑，未采用",
    "by-editor": "编辑改定",
    "town-stem": "写出了以乡镇命名的村或社区",
    "our-county": "“我县”“全县”等，指来源所在地",
    "our-city": "“我市”“全市”，指来源所在地",
    "source": "来源所在地",
    "ambiguous": "同名的地方不止一个，文中不足以判定",
    # why a place is only mentioned
    "enumeration": "只是名单中列举",
    "venue": "只是活动的地点",
    "study-visit": "前去考察学习的地方",
    "biography": "只是人物的籍贯或经历",
    "product": "只是产品的产地或销地",
    "neighbour": "只是相邻的地方",
    "contrast": "只是拿来区别的另一处地方",
    "route": "只是线路经过的地方",
    "dateline": "只是电头",
    "elsewhere": "只是外出打工、求学等的地方",
    "name-part": "只是路名、店名、单位名的一部分",
    # the city
    "zone": "市级开发区",
    "city-organ": "市级机关或市级分支机构",
    "brand": "企业总部所在地",
    # themes and relevance
    "theme-word": "主题词",
    "theme-place": "乡镇或街道的组织属于该领域",
    "theme-against": "貌似而不属于该主题的词",
    "theme-wording": "此类稿件的常用词",
    "party-actor": "党组织或党员是行动主体",
    "other-news": "标题写的是其他新闻",
}
"""Rule of a piece of evidence → Chinese words for the desk."""
