"""A row of the table, and what is asked of its stories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jianbao.index.story import Story

from .host import Answers
from .pages import title

Check = Callable[[list[Story]], None]


@dataclass(frozen=True)
class Row:
    """One row. ``problem`` and ``words`` are of the source's sentence (none for a visit that is whole),
    ``stories`` how many are stored (the healthy one among them), ``refused`` the reasons of what was
    refused for good, ``missed`` what is tried again; ``most`` is how many requests it may cost."""

    numbers: tuple[int, ...]
    answers: Answers | Callable[[], Answers]
    problem: str = ""
    words: str = ""
    stories: int = 1
    refused: tuple[str, ...] = ()
    missed: int = 0
    most: int = 12
    source: dict[str, object] = field(default_factory=dict)
    check: Check | None = None


def texts_of(stories: list[Story]) -> str:
    return "\n".join(f"{one.kicker}{one.headline}{one.deck}\n{one.body}" for one in stories)


def holds(*wanted: str, without: tuple[str, ...] = ()) -> Check:
    def check(stories: list[Story]) -> None:
        text = texts_of(stories)
        for words in wanted:
            assert words in text, (words, text)
        for words in without:
            assert words not in text, (words, text)

    return check


def second(wanted: Callable[[Story], object]) -> Check:
    """Something that must hold of the story that is not the healthy one."""

    def check(stories: list[Story]) -> None:
        (one,) = (story for story in stories if story.headline != title(1))
        assert wanted(one), one

    return check


def undated(stories: list[Story]) -> None:
    assert {one.headline: one.published for one in stories}[title(2)] is None, stories
