"""``jianbao demo``: the whole line on the sample county web, into a fresh folder."""

from __future__ import annotations
