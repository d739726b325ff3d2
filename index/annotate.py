"""The annotator 标引: place, themes and relevance of a story, each with its evidence.

Deterministic: the same story, rules and tables give the same annotation.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

from .annotation import Annotation, Field
from .choice import ThemeScore
from .county import Attributor, Place
from .errors import JianbaoError
from .gazetteer import Gazetteer
from .localplaces import LocalPlaces
from .normalise import Folded, fold
from .places import ACTORS, Finder
from .relevance import judge
from .segment import Segmenter, default_segmenter
from .story import Byline, Paragraph, Story, story_id
from .themes import Themes, load_themes
from .weigh import TOWN_RULES

RULES_VERSION = "2026.11.6"
"""Changes with every change of a rule; the store keeps it beside each annotation."""

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?!\d)")
_DATE_TIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_BRACKETED = re.compile(r"^[\s((]+|[\s))]+$")
_ORGANISATION = re.compile(
    r"[^\s,、;()]{2,20}(?:融媒体中心|组织部|宣传部|县委|市委|区委|工委|党委|办公室|供稿单位|报社|电视台)"
)

_FoldedField: TypeAlias = tuple[Field, str, Folded]


class RecordIsWrong(JianbaoError):
    """A line given to ``jianbao annotate`` is not a record."""

    code = "JB-122"
    what = "the record has no usable {field!r}"
    remedy = 'give every line as {{"id": …, "title": …, "body": …}} with texts as values'
    what_zh = "记录缺少可用的“{field}”"
    remedy_zh = "请按每行一个对象给出 id、title、body"


class Annotator:
    """Annotates stories. Build it once; it holds no state between stories."""

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        themes: Themes | None = None,
        segmenter: Segmenter | None = None,
        home: str = "140000",
        places: LocalPlaces | None = None,
    ) -> None:
        """``home`` is the province whose short names and townships are taken for granted; ``places``
        are the office's own rules about names."""
        self._table = gazetteer or Gazetteer.load()
        self._themes = themes or load_themes()
        segmenter = self._segmenter = segmenter or default_segmenter()
        places = places or LocalPlaces()
        finder = Finder(self._table, segmenter, home, places)
        self._attributor = Attributor(self._table, finder, home)
        told = (
            self._themes.told(),
            home,
            self._table.data_as_of,
            segmenter.fingerprint,
            places.told(),
            ACTORS.read_text(encoding="utf-8"),
        )
        digest = hashlib.sha256("\0".join(told).encode()).hexdigest()[:8]
        self.rules = f"{RULES_VERSION}-{digest}"
        """The rules, themes, tables and words this annotator works by, for the store."""

    def annotate(self, story: Story, *, relevant: bool | None = None) -> Annotation:
        """What the story is about. Never fails for want of text: no place and 待定 are answers.

        ``relevant`` is an editor's decision, in place of the rules'.
        """
        fields = _folded(story)
        place = self._place(story, fields)
        relevance = judge(fields)
        if relevant is not None:
            relevance = replace(relevance, relevant=relevant)
        scores = self._theme_scores(fields, place) if relevance.relevant else []
        chosen = self._themes.choose(scores, len(story.body))
        evidence = (
            *place.evidence,
            *(e for theme in chosen.themes for e in theme.evidence),
            *self._themes.runners_up(chosen),
            *relevance.evidence,
        )
        return Annotation(
            counties=place.counties,
            mentioned=place.mentioned,
            city=place.city,
            province=place.province,
            level=place.level,
            themes=tuple(theme.slug for theme in chosen.themes),
            relevant=relevance.relevant,
            reason=relevance.reason,
            evidence=evidence,
        )

    def theme_scores(self, story: Story) -> list[ThemeScore]:
        """The weights of all themes, be the story relevant or not: what the choice is fitted to."""
        fields = _folded(story)
        return self._theme_scores(fields, self._place(story, fields))

    def _place(self, story: Story, fields: Sequence[_FoldedField]) -> Place:
        return self._attributor.attribute(
            [(name, raw) for name, raw, _ in fields],
            source=story.source,
            signed=_signed(story.byline),
            home=story.home,
            published=story.published,
        )

    def _theme_scores(self, fields: Sequence[_FoldedField], place: Place) -> list[ThemeScore]:
        towns = [e for e in place.evidence if e.rule in TOWN_RULES and e.about == "county"]
        return self._themes.score(fields, towns, self._segmenter.tokens)

    def annotate_record(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """One line of ``jianbao annotate``: title, body, source_name, byline_text, date_text.

        Raises:
            RecordIsWrong: ``id`` is missing, or a field that is there is not text.
        """
        found = self.annotate(story_of(record))
        return {
            "id": record["id"],
            "counties": list(found.counties),
            "mentioned": list(found.mentioned),
            "city": found.city,
            "province": found.province,
            "level": found.level,
            "themes": list(found.themes),
            "relevant": found.relevant,
            "reason": found.reason,
            "evidence": found.to_json()["evidence"],
        }


def story_of(record: Mapping[str, Any]) -> Story:
    """The story that one line of ``jianbao annotate`` gives.

    Raises:
        RecordIsWrong: ``id`` is missing, or a field that is there is not text.
    """
    texts = {
        key: _text(record, key)
        for key in ("title", "body", "source_name", "byline_text", "date_text")
    }
    if not isinstance(record.get("id"), str | int):
        raise RecordIsWrong(field="id")
    return Story(
        id=story_id(str(record["id"])),
        headline=texts["title"],
        paragraphs=tuple(Paragraph(line) for line in texts["body"].splitlines() if line.strip()),
        source=texts["source_name"],
        published=parse_day(texts["date_text"]),
        byline=Byline(raw=texts["byline_text"]),
    )


def _folded(story: Story) -> list[_FoldedField]:
    given: list[tuple[Field, str]] = [
        ("kicker", story.kicker),
        ("headline", story.headline),
        ("deck", story.deck),
        ("body", story.body),
    ]
    return [(name, raw, fold(raw)) for name, raw in given if raw]


def parse_day(text: str) -> date | None:
    """The day in a loosely written date (2026-11-3, 2026年11月3日 08:30, 20261103), or ``None``."""
    folded = fold(text).text
    match = _DATE.search(folded) or _DATE_TIGHT.search(folded)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _signed(byline: Byline) -> Sequence[str]:
    """The organisations that sign a story; for a raw byline, those whose ending says so."""
    return byline.organisations or tuple(_ORGANISATION.findall(_BRACKETED.sub("", byline.raw)))


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordIsWrong(field=key)
    return value
