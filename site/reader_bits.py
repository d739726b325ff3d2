"""How the reader's search writes numbers: bits, made into base 64 that a script file can carry.

Bits are gathered as text of ``0`` and ``1``, because joining prepared pieces is what Python does fast.
Gzip gets back what base 64 adds (six bits a character), so a shard weighs what its bits weigh.
Integers only, so that the browser computes the same.

* gamma (Elias 1975): as many zeros as the number has further digits, then the number.
* Rice (1979): a quotient in ones, a zero, and ``k`` bits. For gaps of a random subset it stays within
  three per cent of the entropy when ``k`` suits the density.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from itertools import compress, count
from operator import sub

_READY = 1 << 13
NODE_K = (0, 1, 2, 3, 4, 5, 6, 8)
"""Values of ``k`` that three bits name, where a reader cannot compute it from the density."""


def gamma(value: int) -> str:
    """A number of at least 1 that ends itself."""
    return _GAMMAS[value] if value < len(_GAMMAS) else _gamma(value)


def _gamma(value: int) -> str:
    text = f"{value:b}"
    return "0" * (len(text) - 1) + text


_GAMMAS = [_gamma(value) for value in range(256)]


@cache
def _rice_codes(k: int) -> tuple[str, ...]:
    return tuple(_rice(value, k) for value in range(_READY))


def _rice(value: int, k: int) -> str:
    low = f"{value & ((1 << k) - 1):0{k}b}" if k else ""
    return "1" * (value >> k) + "0" + low


def rice_k(universe: int, chosen: int) -> int:
    """The ``k`` that suits ``chosen`` numbers spread over a universe (Golomb's rule for gaps)."""
    return max(0, (universe * 61 // (64 * chosen)).bit_length() - 1)


def gap_steps(values: Sequence[int]) -> list[int]:
    """Ascending different numbers, as the gaps between them less one."""
    return list(map(sub, values, [0, *map(_NEXT, values)]))


_NEXT = (1).__add__


def gaps(values: Sequence[int], k: int) -> str:
    """Ascending different numbers, in the Rice code of their gaps."""
    return _steps(gap_steps(values), k)


def _steps(steps: Sequence[int], k: int) -> str:
    codes = _rice_codes(k)
    try:
        return "".join(map(codes.__getitem__, steps))
    except IndexError:
        return "".join([codes[step] if step < _READY else _rice(step, k) for step in steps])


def subset(values: Sequence[int], universe: int) -> str:
    """Some of the numbers below ``universe``, which the reader knows; how many comes first. Of a
    majority those that are missing are written."""
    some = len(values)
    head = gamma(some + 1)
    if not some or some == universe:
        return head
    if 2 * some > universe:
        flags = bytearray(b"\1") * universe
        for value in values:
            flags[value] = 0
        values = list(compress(count(), flags))
    return head + gaps(values, rice_k(universe, len(values)))


def node_list(steps: Sequence[int], last: int) -> str:
    """At least one number, given as gaps and the last, with its own ``k``: for a reader who does not
    know the universe."""
    name = _NAMES[rice_k(last + 1, len(steps))]
    return f"{gamma(len(steps))}{name:03b}{_steps(steps, NODE_K[name])}"


_NAMES = [max(name for name, k in enumerate(NODE_K) if k <= mean) for mean in range(64)]


def base64_of(bits: str) -> str:
    """Bits in base 64; zeros fill the last character."""
    if not bits:
        return ""
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return b64encode(data).decode("ascii").rstrip("=")


def char_code(char: int, width: int) -> int:
    """``width`` bits that stand for a character among its like; with 16 no two of the BMP meet."""
    return (char * 0x9E3D & 0xFFFF) >> (16 - width)
