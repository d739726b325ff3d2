"""The engines that ``index.py`` compares. Each builds an index and answers six kinds of question."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from jianbao.index.search.document import story_parts
from jianbao.index.search.folding import fold
from tests.search.samples import Annotated

from .engine import CITY, SHOWN, SINCE, UNTIL, Ask, Engine, Kind
from .ours import Jianbao, JianbaoScan, JianbaoWords


class Recipe:
    """What jieba's documentation shows: ``TEXT`` fields with ``ChineseAnalyzer``, parser, ``groupedby``."""

    note = "Whoosh with jieba's ChineseAnalyzer"

    def warm(self) -> None:
        from jieba.analyse import ChineseAnalyzer

        list(ChineseAnalyzer()("载入词典"))

    def schema(self) -> Any:
        from jieba.analyse import ChineseAnalyzer
        from whoosh import fields

        analyzer = ChineseAnalyzer()
        return fields.Schema(
            id=fields.ID(stored=True, unique=True),
            title=fields.TEXT(stored=True, analyzer=analyzer),
            content=fields.TEXT(stored=True, analyzer=analyzer),
            area=fields.KEYWORD,
            county=fields.ID(sortable=True),
            theme=fields.ID(sortable=True),
            source=fields.ID(sortable=True),
            published=fields.DATETIME(sortable=True),
        )

    def build(self, folder: Path, stories: Sequence[Annotated]) -> None:
        from whoosh.index import create_in

        folder.mkdir()
        self._write(create_in(str(folder), self.schema()), stories)

    def add(self, folder: Path, stories: Sequence[Annotated]) -> None:
        from whoosh.index import open_dir

        self._write(open_dir(str(folder)), stories)

    @staticmethod
    def _write(index: Any, stories: Iterable[Annotated]) -> None:
        writer = index.writer()
        for story, about in stories:
            parts = story_parts(story)
            writer.add_document(
                id=story.id,
                title=story.headline,
                content="\n".join(text for field, text in parts if field != "headline"),
                area=" ".join((*about.counties, about.city or "")),
                county=about.counties[0] if about.counties else "",
                theme=about.themes[0] if about.themes else "",
                source=story.source,
                published=_midnight(story.published or SINCE),
            )
        writer.commit()

    def open(self, folder: Path) -> Callable[[Ask], int]:
        from whoosh.index import open_dir
        from whoosh.qparser.default import MultifieldParser
        from whoosh.query.compound import And
        from whoosh.query.ranges import DateRange
        from whoosh.query.terms import Term

        searcher = open_dir(str(folder)).searcher()
        parser = MultifieldParser(["title", "content"], self.schema())
        days = DateRange("published", _midnight(SINCE), _midnight(UNTIL))
        options: dict[Kind, dict[str, Any]] = {
            "filtered": {"filter": And([Term("area", CITY), days])},
            "by date": {"sortedby": "published", "reverse": True},
            "facets": {"groupedby": ["county", "theme", "source"]},
        }

        def answer(ask: Ask) -> int:
            chosen = options.get(ask.kind, {})
            results = searcher.search(parser.parse(ask.string), limit=SHOWN, **chosen)
            for hit in results:
                hit["title"]
                if ask.kind == "excerpts":
                    hit.highlights("content")
            for name in chosen.get("groupedby", ()):
                results.groups(name)
            return len(results)

        return answer


class Fts5:
    """SQLite's full-text index over character pairs, as phrases."""

    note = "FTS5, character pairs with positions, bm25()"

    def warm(self) -> None:
        pass

    def build(self, folder: Path, stories: Sequence[Annotated]) -> None:
        folder.mkdir()
        db = sqlite3.connect(folder / "index.db")
        db.executescript(
            "PRAGMA journal_mode=WAL;"
            "CREATE TABLE docs (n INTEGER PRIMARY KEY, id TEXT, area TEXT, county TEXT, theme TEXT,"
            " source TEXT, day TEXT, title TEXT, body TEXT);"
            "CREATE VIRTUAL TABLE grams USING fts5(head, text, content='', detail=full);"
        )
        self._write(db, stories)

    def add(self, folder: Path, stories: Sequence[Annotated]) -> None:
        self._write(sqlite3.connect(folder / "index.db"), stories)

    @staticmethod
    def _write(db: sqlite3.Connection, stories: Iterable[Annotated]) -> None:
        with db:
            for story, about in stories:
                text = "\n".join(t for field, t in story_parts(story) if field != "headline")
                row = (
                    story.id,
                    about.city or "",
                    about.counties[0] if about.counties else "",
                    about.themes[0] if about.themes else "",
                    story.source,
                    str(story.published),
                    story.headline,
                    text,
                )
                added = db.execute("INSERT INTO docs VALUES (NULL,?,?,?,?,?,?,?,?)", row)
                pairs = (" ".join(_pairs(story.headline)), " ".join(_pairs(text)))
                db.execute(
                    "INSERT INTO grams(rowid, head, text) VALUES (?,?,?)",
                    (added.lastrowid, *pairs),
                )
        db.close()

    def open(self, folder: Path) -> Callable[[Ask], int]:
        db = sqlite3.connect(folder / "index.db")
        found = " FROM grams JOIN docs ON docs.n = grams.rowid WHERE grams MATCH ?"

        def answer(ask: Ask) -> int:
            match = '"' + " ".join(_pairs(ask.string)) + '"'
            where, order = found, "bm25(grams, 4, 1)"
            if ask.kind == "filtered":
                where += f" AND area = '{CITY}' AND day BETWEEN '{SINCE}' AND '{UNTIL}'"
            if ask.kind == "by date":
                order = "day DESC, id"
            rows = db.execute(
                f"SELECT id, title, body{where} ORDER BY {order} LIMIT {SHOWN}",
                (match,),
            ).fetchall()
            if ask.kind == "facets":
                for name in ("county", "theme", "source"):
                    counts = f"SELECT {name}, count(*){where} GROUP BY {name}"
                    db.execute(counts, (match,)).fetchall()
            if ask.kind == "excerpts":
                for _, _, body in rows:
                    at = max(0, body.find(ask.string) - 24)
                    body[at : at + 96].replace(ask.string, f"<b>{ask.string}</b>")
            return db.execute(f"SELECT count(*){where}", (match,)).fetchone()[0]

        return answer


class Tantivy:
    """tantivy over the same character pairs (it has no Chinese tokenizer of its own)."""

    note = "tantivy, character pairs with positions, one thread"

    def warm(self) -> None:
        import_module("tantivy")

    def schema(self) -> Any:
        tantivy: Any = import_module("tantivy")

        builder = tantivy.SchemaBuilder()
        for name in ("id", "title_text", "body_text"):
            builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("title", "body"):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        for name in ("area", "county", "theme", "source"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
        builder.add_unsigned_field("day", indexed=True, fast=True)
        return builder.build()

    def build(self, folder: Path, stories: Sequence[Annotated]) -> None:
        folder.mkdir()
        self.add(folder, stories)

    def add(self, folder: Path, stories: Sequence[Annotated]) -> None:
        tantivy: Any = import_module("tantivy")

        schema = self.schema()
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for story, about in stories:
            text = "\n".join(t for field, t in story_parts(story) if field != "headline")
            fields = {
                "id": story.id,
                "title_text": story.headline[:200],
                "body_text": text[:10_000],
                "title": " ".join(_pairs(story.headline)),
                "body": " ".join(_pairs(text)),
                "area": about.city or "",
                "county": about.counties[0] if about.counties else "",
                "theme": about.themes[0] if about.themes else "",
                "source": story.source,
                "day": (story.published or SINCE).toordinal(),
            }
            writer.add_document(tantivy.Document.from_dict(fields, schema))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Callable[[Ask], int]:
        tantivy: Any = import_module("tantivy")

        schema = self.schema()
        index = tantivy.Index(schema, path=str(folder))
        index.reload()
        searcher = index.searcher()
        make, must = tantivy.Query, tantivy.Occur.Must

        def phrase(field: str, string: str) -> Any:
            pairs = _pairs(string)
            if len(pairs) == 1:
                return make.term_query(schema, field, pairs[0])
            return make.phrase_query(schema, field, pairs)

        counts = {
            name: {"terms": {"field": name, "size": 500}} for name in ("county", "theme", "source")
        }

        def answer(ask: Ask) -> int:
            either = tantivy.Occur.Should
            query = make.boolean_query(
                [
                    (either, make.boost_query(phrase("title", ask.string), 4.0)),
                    (either, phrase("body", ask.string)),
                ]
            )
            if ask.kind == "filtered":
                days = make.range_query(
                    schema,
                    "day",
                    tantivy.FieldType.Unsigned,
                    SINCE.toordinal(),
                    UNTIL.toordinal(),
                )
                city = make.term_query(schema, "area", CITY)
                query = make.boolean_query([(must, query), (must, days), (must, city)])
            by = {"order_by_field": "day"} if ask.kind == "by date" else {}
            found = searcher.search(query, SHOWN, count=True, **by)
            documents = [searcher.doc(address) for _, address in found.hits]
            if ask.kind == "facets":
                searcher.aggregate(query, counts)
            if ask.kind == "excerpts":
                for document in documents:
                    body = document["body_text"][0]
                    at = max(0, body.find(ask.string) - 24)
                    body[at : at + 96].replace(ask.string, f"<b>{ask.string}</b>")
            return found.count

        return answer


ENGINES: dict[str, Callable[[], Engine]] = {
    "jianbao": Jianbao,
    "words": JianbaoWords,
    "scan": JianbaoScan,
    "recipe": Recipe,
    "fts5": Fts5,
    "tantivy": Tantivy,
}


def _pairs(text: str) -> list[str]:
    """Neighbouring characters within runs of letters and digits; a lone character stands for itself."""
    pairs: list[str] = []
    for run in re.findall(r"\w+", fold(text)):
        pairs += map(str.__add__, run, run[1:]) if len(run) > 1 else [run]
    return pairs


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Whoosh keeps naive times
