"""Families of content systems: one module each, tried in this order when a page is not told apart."""

from __future__ import annotations

from typing import Final

from . import (
    board,
    epaper_pc,
    founder,
    hanweb,
    jpaas,
    people,
    plain,
    table_paper,
    trs,
    vsb,
    wechat,
)
from .family import Family, Parts, Row

FAMILIES: Final[dict[str, Family]] = {
    family.name: family
    for family in (
        wechat.FAMILY,
        trs.FAMILY,
        epaper_pc.FAMILY,
        founder.FAMILY,
        jpaas.FAMILY,
        hanweb.FAMILY,
        vsb.FAMILY,
        people.FAMILY,
        board.FAMILY,
        table_paper.FAMILY,
        plain.FAMILY,
    )
}
FAMILY_NAMES: Final = tuple(sorted(FAMILIES))

__all__ = ["FAMILIES", "FAMILY_NAMES", "Family", "Parts", "Row"]
