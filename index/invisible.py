"""Characters that nobody sees: zero width, direction marks, soft hyphens, tags, and what is no character.

In the name of a person they hide another name, in an index a word; and nobody put them there for a
reader. Every room that takes in or shows text removes these; which control characters go as well is
each room's own matter, since for some of them line ends mean something.
"""

from __future__ import annotations

from typing import Final

INVISIBLE: Final = (
    "\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f"
)
"""To stand between the brackets of a regular expression."""
