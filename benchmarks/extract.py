"""Extraction beside other libraries on our own pages: body F1, headline, day, editors' line, pages/s.

``python benchmarks/extract.py``; libraries that are not installed are left out. The pages are those of
``tests/extract/pages``: made by us, so they say how the libraries compare, not how good any is elsewhere.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from jianbao.crawler.article import extract
from jianbao.crawler.webpage import Page

PAGES = Path(__file__).parents[1] / "tests" / "extract" / "pages"
TODAY = date(2026, 11, 22)
ROUNDS = 3

Taken = tuple[str, str, str]  # headline, day, body


def ours(body: bytes, _: str) -> Taken:
    found = extract(Page.from_bytes(body, ""), today=TODAY)
    text = "\n".join(paragraph.text for paragraph in found.paragraphs)
    return found.headline, str(found.published or ""), text


def readability(_: bytes, text: str) -> Taken:
    document = import_module("readability").Document(text)
    tree = import_module("lxml.html").fromstring(document.summary())
    return document.short_title(), "", tree.text_content()


def trafilatura(_: bytes, text: str) -> Taken:
    found = import_module("trafilatura").bare_extraction(
        text, with_metadata=True, include_comments=False
    )
    return (found.title or "", found.date or "", found.text or "") if found else ("", "", "")


def gne(_: bytes, text: str) -> Taken:
    found: dict[str, Any] = import_module("gne").GeneralNewsExtractor().extract(text)
    return found["title"], found["publish_time"][:10], found["content"]


def newspaper(_: bytes, text: str) -> Taken:
    article = import_module("newspaper").Article("http://a.example/", language="zh")
    article.download(input_html=text)
    article.parse()
    return article.title, str(article.publish_date or "")[:10], article.text


def main() -> None:
    """Prints one line for each extractor that can be run."""
    golds = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(PAGES.glob("*.json"))]
    bodies = [path.read_bytes() for path in sorted(PAGES.glob("*.html"))]
    stories = [(body, gold) for body, gold in zip(bodies, golds, strict=True) if "headline" in gold]
    print(f"{len(stories)} pages\n{'':12} headline   day  body F1  editors left  pages/s")
    for take in (ours, readability, trafilatura, gne, newspaper):
        if take is not ours:
            try:
                import_module(take.__name__)
            except ImportError:
                print(f"{take.__name__:12} is not installed")
                continue
        print(f"{take.__name__:12} {_measure(take, stories)}")


def _measure(
    take: Callable[[bytes, str], Taken], stories: list[tuple[bytes, dict[str, Any]]]
) -> str:
    texts = [_decoded(body) for body, _ in stories]
    taken: list[Taken] = []
    began = time.process_time()
    for _ in range(ROUNDS):
        taken = [_try(take, body, text) for (body, _), text in zip(stories, texts, strict=True)]
    speed = ROUNDS * len(stories) / (time.process_time() - began)
    heads = days = left = edited = 0
    scores = 0.0
    for (headline, day, body), (_, gold) in zip(taken, stories, strict=True):
        heads += _letters(headline) == _letters(gold["headline"])
        days += day == (gold["published"] or "")
        scores += _f1(body, "".join(gold["paragraphs"]))
        if gold["editors"]:
            edited += 1
            left += any(
                re.search(rf"编[辑：:丨\s]*{name}", body) is not None for name in gold["editors"]
            )
    count = len(stories)
    return f"{heads / count:8.2f} {days / count:5.2f} {scores / count:8.3f} {left / edited:13.2f} {speed:8.0f}"


def _try(take: Callable[[bytes, str], Taken], body: bytes, text: str) -> Taken:
    try:
        return take(body, text)
    except Exception:  # noqa: BLE001 - other libraries raise whatever they like; it counts as nothing found
        return "", "", ""


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030", errors="ignore")


def _letters(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z\u3400-\u9fff]", "", text)


def _f1(one: str, other: str) -> float:
    """Of the multisets of five-character strings, as the tables of the field have it."""
    first, second = _grams(one), _grams(other)
    both = sum((first & second).values())
    return 2 * both / max(1, sum(first.values()) + sum(second.values()))


def _grams(text: str) -> Counter[str]:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return Counter(plain[at : at + 5] for at in range(len(plain) - 4))


if __name__ == "__main__":
    main()
