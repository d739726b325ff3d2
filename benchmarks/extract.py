"""Extraction beside other libraries in one run, on the pages of the sample county web.

``python benchmarks/extract.py [FOLDER]``; libraries that are not installed are left out (``pip install
gne newspaper4k trafilatura`` in an environment of its own, with this package). The pages are made by us,
so the table says how the libraries compare in speed and what they return; how good any of them is
elsewhere stands in docs/benchmarks.md. With a FOLDER of saved pages only the speed is measured.

Every library is given the decoded text of the page, ours the bytes. The rules of the sources are not
used: every page is read as one of a site that nobody knows.
"""

from __future__ import annotations

import gc
import re
import sys
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from jianbao.crawler.article import extract
from jianbao.crawler.webpage import Page
from jianbao.desk.countyweb.dataset import SITES, SampleStory, load_stories
from jianbao.desk.countyweb.server import build_site

TODAY = date(2026, 11, 22)
ROUNDS = 3

Taken = tuple[str, str, str, str]  # headline, day, source, body


@dataclass(frozen=True)
class Sample:
    """A page and, where it is one of ours, its story."""

    url: str
    body: bytes
    gold: SampleStory | None = None


def ours(sample: Sample, _: str) -> Taken:
    found = extract(Page.from_bytes(sample.body, sample.url), today=TODAY, compare=False)
    text = "\n".join(paragraph.text for paragraph in found.paragraphs)
    return found.headline, str(found.published or ""), found.source, text


def readability(_: Sample, text: str) -> Taken:
    document = import_module("readability").Document(text)
    tree = import_module("lxml.html").fromstring(document.summary())
    return document.short_title(), "", "", tree.text_content()


def trafilatura(_: Sample, text: str) -> Taken:
    return _trafilatura(text)


def trafilatura_fast(_: Sample, text: str) -> Taken:
    return _trafilatura(text, fast=True)


def _trafilatura(text: str, **options: bool) -> Taken:
    found = import_module("trafilatura").bare_extraction(
        text, with_metadata=True, include_comments=False, **options
    )
    return (found.title or "", found.date or "", "", found.text or "") if found else _NOTHING


def gne(_: Sample, text: str) -> Taken:
    found: dict[str, Any] = import_module("gne").GeneralNewsExtractor().extract(text)
    return found["title"], found["publish_time"][:10], "", found["content"]


def newspaper(_: Sample, text: str) -> Taken:
    article = import_module("newspaper").Article("http://a.example/", language="zh")
    article.download(input_html=text)
    article.parse()
    return article.title, str(article.publish_date or "")[:10], "", article.text


_NOTHING: Final[Taken] = ("", "", "", "")
# Who returns more than a body is who ours is to be compared with in speed.
PEERS: Final = (readability, trafilatura, trafilatura_fast, gne, newspaper)
BODY_ONLY: Final = frozenset([readability])


def county_web() -> list[Sample]:
    """Every story page of the county web."""
    stories = load_stories()
    found: list[Sample] = []
    for site in SITES:
        built = build_site(site, stories, None)
        for story in stories:
            path = built.stories.get(story.slug)
            if path and path in built.answers:
                url = f"http://{site}.example{path}"
                found.append(Sample(url, built.answers[path].body, story))
    return found


def main() -> None:
    """Prints one line for each extractor that can be run."""
    if sys.argv[1:]:
        folder = Path(sys.argv[1])
        samples = [
            Sample("", one.read_bytes()) for one in sorted(folder.rglob("*")) if one.is_file()
        ]
    else:
        samples = county_web()
    size = sum(len(one.body) for one in samples) / 1024 / len(samples)
    print(
        f"{len(samples)} pages, {size:.0f} KB each\n{'':18} headline   day  source  body F1  editors left  pages/s"
    )
    speeds: dict[str, float] = {}
    for take in (ours, *PEERS):
        name = take.__name__
        if take is not ours:
            try:
                import_module(name.removesuffix("_fast"))
            except ImportError:
                print(f"{name:18} is not installed")
                continue
        line, speed = _measure(take, samples)
        speeds[name] = speed
        print(f"{name:18} {line} {speed:8.0f}")
    rivals = {peer.__name__ for peer in PEERS if peer not in BODY_ONLY} & set(speeds)
    if rivals:
        best = max(rivals, key=speeds.__getitem__)
        print(f"ours is {speeds['ours'] / speeds[best]:.1f} times as fast as {best}")


def _measure(take: Callable[[Sample, str], Taken], samples: Sequence[Sample]) -> tuple[str, float]:
    texts = [_decoded(sample.body) for sample in samples]
    taken = [_try(take, *pair) for pair in zip(samples, texts, strict=True)]  # warm
    gc.collect()
    began = time.process_time()
    for _ in range(ROUNDS):
        for pair in zip(samples, texts, strict=True):
            _try(take, *pair)
    speed = ROUNDS * len(samples) / (time.process_time() - began)
    judged = [(one, sample.gold) for one, sample in zip(taken, samples, strict=True) if sample.gold]
    if not judged:
        return f"{'':44}", speed
    heads = sum(_letters(one[0]) == _letters(gold.headline) for one, gold in judged)
    days = sum(one[1] == str(gold.published or "") for one, gold in judged)
    sources = sum(one[2] == gold.source for one, gold in judged)
    scores = sum(_f1(one[3], _body(gold)) for one, gold in judged)
    edited = [(one[3], gold.byline.editors) for one, gold in judged if gold.byline.editors]
    left = sum(
        any(re.search(rf"编[辑：:丨\s]*{name}", body) for name in names) for body, names in edited
    )
    count = len(judged)
    return (
        f"{heads / count:8.2f} {days / count:5.2f} {sources / count:7.2f} {scores / count:8.3f} "
        f"{left / max(1, len(edited)):13.2f}",
        speed,
    )


def _body(gold: SampleStory) -> str:
    return "".join(paragraph.text for paragraph in gold.paragraphs)


def _try(take: Callable[[Sample, str], Taken], sample: Sample, text: str) -> Taken:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return take(sample, text)
    except Exception:  # noqa: BLE001 - other libraries raise whatever they like; it counts as nothing found
        return _NOTHING


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
