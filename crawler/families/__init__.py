"""Families of content systems: one module each, tried in this order when a page is not told apart."""

from __future__ import annotations

from typing import Final

from . import (
    board,
    cntv,
    enorth,
    epaper_lc,
    epaper_pc,
    epaper_people,
    epaper_shtml,
    founder,
    hanweb,
    jpaas,
    nfc,
    people,
    plain,
    table_paper,
    trs,
    ucap,
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
        epaper_people.FAMILY,
        epaper_shtml.FAMILY,
        epaper_lc.FAMILY,
        founder.FAMILY,
        jpaas.FAMILY,
        hanweb.FAMILY,
        ucap.FAMILY,
        vsb.FAMILY,
        nfc.FAMILY,
        enorth.FAMILY,
        cntv.FAMILY,
        people.FAMILY,
        board.FAMILY,
        table_paper.FAMILY,
        plain.FAMILY,
    )
}
FAMILY_NAMES: Final = tuple(sorted(FAMILIES))

__all__ = ["FAMILIES", "FAMILY_NAMES", "Family", "Parts", "Row"]
