"""Families of content systems: one module each, tried in this order when a page is not told apart."""

from __future__ import annotations

from typing import Final

from . import epaper_pc, plain, table_paper, trs
from .family import Family, Parts, Row

FAMILIES: Final[dict[str, Family]] = {
    family.name: family
    for family in (trs.FAMILY, epaper_pc.FAMILY, table_paper.FAMILY, plain.FAMILY)
}
FAMILY_NAMES: Final = tuple(sorted(FAMILIES))

__all__ = ["FAMILIES", "FAMILY_NAMES", "Family", "Parts", "Row"]
