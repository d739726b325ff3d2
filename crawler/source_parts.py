"""The parts of a source's record: rules of layouts, rhythm, e-paper calendar, evidence and log."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

import cssselect
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .families import FAMILY_NAMES

Weekday = Annotated[int, Field(ge=1, le=7)]
_WINDOW: Final = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")


class Part(BaseModel):
    """A table of a source's file: an unknown key is a mistake, and nothing changes it later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def known_family(value: str) -> str:
    """The name of a family, as it is.

    Raises:
        ValueError: there is no such family.
    """
    if value not in FAMILY_NAMES:
        raise ValueError(f"there is no family {value!r}; known are {', '.join(FAMILY_NAMES)}")
    return value


class Rule(Part):
    """Selectors (CSS) of one layout of one source. An empty one leaves that part to the family.

    ``version`` names the layout in counts and reports. ``valid_from`` and ``valid_until`` are the
    first and last day of publication that it was used for; the first rule whose days fit and whose
    body selector finds something is taken. ``family`` is the system that the layout belongs to,
    where the site had another one at that time; a rule of nothing but a family is that family's own.
    """

    version: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,19}$")] | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    family: str = ""
    headline: str = ""
    kicker: str = ""
    deck: str = ""
    info: str = ""
    body: str = ""

    @field_validator("headline", "kicker", "deck", "info", "body")
    @classmethod
    def _is_css(cls, value: str) -> str:
        if value:
            try:
                cssselect.parse(value)
            except cssselect.SelectorError as error:
                raise ValueError(f"{value!r} is not a CSS selector: {error}") from None
        return value

    @field_validator("family")
    @classmethod
    def _is_known(cls, value: str) -> str:
        return known_family(value) if value else value

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Rule:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self

    def holds_on(self, day: date | None) -> bool:
        """Whether the layout was in use on a day; an unknown day fits every layout."""
        if day is None:
            return True
        return (self.valid_from or day) <= day <= (self.valid_until or day)


class Rhythm(Part):
    """How a source publishes, where the editor knows it better than its past shows.

    ``weekdays`` are the days that bring stories (ISO, Monday is 1); ``longest_gap`` is the longest
    silence, in days, that means nothing.
    """

    weekdays: tuple[Weekday, ...] = ()
    longest_gap: Annotated[int, Field(ge=1, le=366)] | None = None


class Calendar(Part):
    """When an e-paper appears.

    ``first_issue`` is the earliest one on the site; ``no_issue`` are the weekdays without one (ISO),
    ``pauses`` single days without one, holidays mostly; ``recheck_hours`` is how long an issue may
    still grow or be mended after its day began.
    """

    first_issue: date | None = None
    no_issue: tuple[Weekday, ...] = ()
    pauses: tuple[date, ...] = ()
    recheck_hours: Annotated[int, Field(ge=0, le=240)] = 24

    @field_validator("no_issue")
    @classmethod
    def _appears_at_all(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(value)) == 7:
            raise ValueError("a paper that never appears has no calendar")
        return value

    def has_issue(self, day: date) -> bool:
        """Whether an issue is to be expected on a day."""
        begun = self.first_issue is None or day >= self.first_issue
        return begun and day.isoweekday() not in self.no_issue and day not in self.pauses


class Seen(Part):
    """Where and when the shape of a source was seen.

    ``address`` is public; ``day`` is the day that the page itself carries (only its month, where the
    address tells no more), or the day on which a public description of the site was read.
    """

    address: Annotated[str, Field(pattern=r"^https?://[^\s]+$")]
    day: Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")]
    what: Annotated[str, Field(min_length=1, max_length=120)]


class LogEntry(Part):
    """One line of a source's own history: added, checked, changed, paused."""

    day: date
    what: Annotated[str, Field(min_length=1, max_length=200)]


class Window(Part):
    """A stretch of the day, in the crawler's zone; one that ends before it begins goes over midnight."""

    start: time
    end: time

    @classmethod
    def read(cls, text: str) -> Window:
        """From ``20:00-07:00``.

        Raises:
            ValueError: the text has another form, or start and end are the same.
        """
        found = _WINDOW.match(text)
        if not found:
            raise ValueError(f"{text!r} is not a window such as 20:00-07:00")
        start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if start == end:
            raise ValueError(f"{text!r} begins and ends at the same time")
        return cls(start=start, end=end)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it. The end does not."""
        at = moment.time().replace(tzinfo=None)
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def next_start(self, moment: datetime) -> datetime:
        """The first beginning of the window after a moment."""
        today = datetime.combine(moment.date(), self.start, moment.tzinfo)
        return today if today > moment else today + timedelta(days=1)
