"""Checks before an issue is locked 校对: each finding with its place, its reason and what it weighs.

Figures, names and places of what the editor wrote are held against the source; wordings and personal
data are looked for in all that will be printed; rights, day, source line and repeats are looked at for
each story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..index.annotation import Annotation
from ..index.clock import week_range
from ..index.gazetteer import Gazetteer
from ..index.limits import EXCERPT_MOST
from ..index.places import Finder
from ..index.segment import default_segmenter
from ..index.store import Store
from ..index.story import Story
from .checks_figures import unfounded_figures
from .checks_names import Places, unfounded_names
from .checks_personal import personal_data
from .checks_terms import Terms, load_terms
from .finding import Finding, Kind, Severity, Spot, Where, placed
from .frozen import texts_of
from .issue import Issue, Item, NumberIsWrong
from .policy import Policy, Ruling, load_policy
from .session import Session
from .withdrawal import withdrawn


@dataclass(frozen=True, slots=True)
class Material:
    """What the checks look at: stories by id as they would be printed, and what is known of them."""

    stories: Mapping[str, Story]
    annotations: Mapping[str, Annotation]
    rulings: Mapping[str, Ruling]
    withdrawn: Mapping[str, str]
    """Story id → why it was withdrawn."""
    earlier: Mapping[str, str]
    """Story id → the earlier issue (第N期) that holds a copy of it."""
    gone: Mapping[str, str] = field(default_factory=dict[str, str])
    """Story id → the day on which it was found gone at its source."""
    changed: frozenset[str] = frozenset()
    """Stories whose text in the store is another than the one that was locked."""


class Checks:
    """The checks with their tables. Build it once; it holds no state between issues."""

    def __init__(self, terms: Terms, places: Places) -> None:
        self._terms = terms
        self._places = places

    def issue(self, issue: Issue, material: Material) -> list[Finding]:
        """Everything that was noticed, in order of print, the weightiest of a story first."""
        found = [*self._words("", "note", issue.note), *self._words("", "issue", issue.title)]
        for item in issue.items:
            found += self._item(issue, item, material)
        known = {one.finding: one for one in issue.acknowledged}
        return [one.with_acknowledgement(known.get(one.key)) for one in found]

    def _item(self, issue: Issue, item: Item, material: Material) -> list[Finding]:
        story = material.stories.get(item.story)
        whole = list(self._whole(issue, item, story, material))
        if story is None or item.story in material.withdrawn:
            return whole
        about = material.annotations.get(item.story) or Annotation()
        return [*whole, *self._edited(item, story, about), *self._printed(item, story)]

    def _whole(
        self, issue: Issue, item: Item, story: Story | None, material: Material
    ) -> Iterator[Finding]:
        """What concerns a story as a whole."""

        def told(kind: Kind, severity: Severity, zh: str, en: str, words: str = "") -> Finding:
            return Finding(kind, severity, item.story, "item", 0, 0, words, zh, en)

        if why := material.withdrawn.get(item.story):
            yield told(
                "withdrawn", "stop", f"稿件已撤回（{why}），请从本期移除", "the story was withdrawn"
            )
            return
        if story is None:
            yield told(
                "missing",
                "stop",
                "库中没有这篇稿件，请移除或重新导入",
                "the story is not in the store",
            )
            return
        if not (item.headline or story.headline):
            yield told("headline", "stop", "没有标题，请拟一个标题", "no headline")
        if not story.source:
            yield told("source", "ask", "没有来源，转载须注明来源", "no source line")
        first, last = week_range(issue.week)
        if story.published is None:
            yield told("date", "ask", "刊发日期不详", "the day of publication is unknown")
        elif not first <= story.published <= last:
            zh = f"刊发于{story.published.isoformat()}，不在本期的一周（{first}至{last}）之内"
            yield told(
                "date", "ask", zh, "published outside the issue's week", str(story.published)
            )
        if used := material.earlier.get(item.story):
            yield told(
                "repeat", "ask", f"{used}已用过同一稿件", f"the same copy stood in {used}", used
            )
        if day := material.gone.get(item.story):
            zh = f"来源已撤下此稿（{day}发现），请核实是否撤用"
            yield told("gone", "ask", zh, f"gone at its source, seen on {day}", day)
        if item.story in material.changed:
            zh = "来源在锁定之后改过正文，请核实是否需要更正"
            yield told("changed", "note", zh, "its source changed the text after locking")
        about = material.annotations.get(item.story)
        if about is not None and not about.relevant:
            yield told(
                "relevance",
                "note",
                f"标引为非党建稿件（{about.reason}）",
                "not Party-building news",
            )
        yield from self._rights(item, story, material.rulings.get(item.story))

    def _rights(self, item: Item, story: Story, ruling: Ruling | None) -> Iterator[Finding]:
        def told(severity: Severity, zh: str, en: str, words: str) -> Finding:
            return Finding("rights", severity, item.story, "item", 0, 0, words, zh, en)

        if ruling is None:
            return
        if ruling.rights == "none":
            zh = f"{story.source}不允许转载，请从本期移除"
            yield told("stop", zh, "the source permits no use", "none")
        elif ruling.expired:
            zh = f"{story.source}的授权已于{ruling.until}到期，现只能{_ALLOWED[ruling.rights]}"
            yield told("ask", zh, f"the licence ended on {ruling.until}", f"{ruling.until}")
        elif ruling.rights == "facts" and item.text:
            zh = f"{story.source}只允许刊登标题和链接，编辑后的正文不会刊出"
            yield told("ask", zh, "facts and link only: the edited text will not be shown", "facts")
        elif ruling.rights == "excerpt" and len(item.text) > EXCERPT_MOST:
            zh = f"{story.source}只允许节选，摘编{len(item.text)}字，刊出时截到{EXCERPT_MOST}字左右"
            yield told("ask", zh, "excerpt only: the edited text will be cut", f"{len(item.text)}")

    def _edited(self, item: Item, story: Story, about: Annotation) -> Iterator[Finding]:
        """What the editor wrote, against the source."""
        source = _source_text(story)
        byline = (*story.byline.people(), *story.byline.editors)
        given: tuple[tuple[Where, str], ...] = (
            ("headline", item.headline),
            ("deck", item.deck),
            ("text", item.text),
        )
        codes = [*about.counties, *about.mentioned, *([about.city] if about.city else [])]
        for where, text in given:
            if not text:
                continue
            spots = [
                *unfounded_figures(text, source, story.published),
                *unfounded_names(text, source, byline),
                *self._places.unfounded(text, source, codes, headline=where == "headline"),
            ]
            spots.sort(key=lambda one: (one.start, one.kind))
            yield from (placed(spot, text, item.story, where) for spot in spots)

    def _printed(self, item: Item, story: Story) -> Iterator[Finding]:
        """Everything that will be printed: the editor's words, or the source's where there are none."""
        yield from self._words(item.story, "note", item.note)
        yield from self._words(item.story, "headline", item.headline or story.headline)
        yield from self._words(item.story, "deck", item.deck or story.deck)
        yield from self._words(item.story, "text", item.text or story.body)

    def _words(self, story_id: str, field: Where, text: str) -> Iterator[Finding]:
        spots: Sequence[Spot] = [*self._terms.find(text), *personal_data(text)]
        seen: set[tuple[str, str]] = set()
        for spot in sorted(spots, key=lambda one: (one.start, one.kind)):
            one = placed(spot, text, story_id, field)
            # Said once: an acknowledgement is for the words, wherever they stand in the text.
            if (one.kind, one.words) not in seen:
                seen.add((one.kind, one.words))
                yield one


_ALLOWED = {"facts": "刊登标题和链接", "excerpt": "节选", "full": "刊登全文", "none": "不用"}


def _source_text(story: Story) -> str:
    """All words of the source that an editor may take a fact from."""
    captions = (f"{picture.caption} {picture.credit}" for picture in story.pictures)
    head = (story.kicker, story.headline, story.deck)
    return "\n".join([*head, story.body, *captions, story.byline.raw, story.source])


def checks_of(session: Session) -> Checks:
    """The checks with the workspace's terms and places."""
    workspace = session.workspace()
    gazetteer = Gazetteer.load()
    finder = Finder(
        gazetteer,
        default_segmenter(workspace.words()),
        workspace.settings.home.province,
        workspace.places(),
    )
    return Checks(load_terms(workspace.root / "terms.toml"), Places(finder, gazetteer))


def material_of(session: Session, store: Store, issue: Issue) -> Material:
    """What is known of an issue's stories."""
    workspace = session.workspace()
    stories = texts_of(store, session.book(), issue)
    policy, today = load_policy(workspace), session.clock().date()
    return Material(
        stories=stories,
        annotations={one: about for one in stories if (about := store.annotation(one))},
        rulings=_rulings(policy, stories.values(), today),
        withdrawn={one: gone.why for one, gone in withdrawn(workspace).items()},
        earlier=_earlier(session.issues().all(), issue, store.folds()),
        gone={one: at[:10] for one, at in store.withdrawals().items() if one in stories},
        changed=frozenset(
            item.story
            for item in issue.items
            if issue.state != "open"
            and item.version
            and store.text_digest(item.story) != item.version
        ),
    )


def findings(
    session: Session, store: Store, issue: Issue, checks: Checks | None = None
) -> list[Finding]:
    """The findings of an issue as it stands; ``checks`` saves building the tables again."""
    found = (checks or checks_of(session)).issue(issue, material_of(session, store, issue))
    try:
        session.issues().check_number(issue)
    except NumberIsWrong as error:
        zh = error.what_zh.format(**error.facts) + "，" + error.remedy_zh.format(**error.facts)
        words = str(error.facts["problem"])
        found.insert(0, Finding("number", "stop", "", "issue", 0, 0, words, zh, error.english()))
    return found


def _rulings(policy: Policy, stories: Iterable[Story], today: date) -> dict[str, Ruling]:
    return {story.id: policy.ruling(story, today) for story in stories}


def _earlier(issues: Sequence[Issue], issue: Issue, folds: Mapping[str, str]) -> dict[str, str]:
    """For the stories of an issue: the issue before it that holds the same copy."""
    copies: dict[str, str] = {}
    for one in sorted(issues, key=lambda one: (one.dated, one.key), reverse=True):
        if one.key != issue.key and (one.dated, one.key) <= (issue.dated, issue.key):
            for item in one.items:
                copies[folds.get(item.story, item.story)] = one.called
    return {
        item.story: copies[fold]
        for item in issue.items
        if (fold := folds.get(item.story, item.story)) in copies
    }
