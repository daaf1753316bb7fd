"""
Sets of characters: sorted, disjoint ranges of code points, with the classes and the case rules of a locale.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

CharSet = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
LOOKED_UP_END = 0x20000  # classes are looked up this far (letters and emoji): the rest would cost time for nothing
ASCII_END = 0x80
ANY: CharSet = ((0, LAST),)
NEWLINE: CharSet = ((10, 10),)

_CLASSES: dict[str, Callable[[str], bool]] = {
    "alpha": lambda c: c.isalpha() or (c.isdecimal() and not c.isascii()),
    "digit": lambda c: c.isascii() and c.isdigit(),
    "alnum": lambda c: c.isalpha() or c.isdecimal(),
    "word": lambda c: c.isalpha() or c.isdecimal() or c == "_",
    "upper": str.isupper,
    "lower": str.islower,
    "space": lambda c: c.isspace() and c not in "\x1c\x1d\x1e\x1f\x85\xa0\u2007\u202f",
    "blank": lambda c: c in " \t",
    "cntrl": lambda c: ord(c) < ord(" ") or 0x7F <= ord(c) < 0xA0,  # noqa: PLR2004 - the control characters
    "xdigit": lambda c: c in "0123456789abcdefABCDEF",
    "graph": lambda c: c.isprintable() and not c.isspace(),
    "print": str.isprintable,
    "punct": lambda c: c.isprintable() and not c.isspace() and not c.isalnum(),
    "ascii": str.isascii,
}


def from_ranges(ranges: Iterable[tuple[int, int]]) -> CharSet:
    """The set of all characters in these ranges."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def from_characters(characters: Iterable[str]) -> CharSet:
    """The set of these characters."""
    return from_ranges((ord(character), ord(character)) for character in characters)


def complement(characters: CharSet) -> CharSet:
    """Every character that is not in the set."""
    edges = [-1, *(edge for pair in characters for edge in pair), LAST + 1]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple((before + 1, after - 1) for before, after in gaps if before + 1 <= after - 1)


def without(characters: CharSet, removed: CharSet) -> CharSet:
    """The characters of the first set that are not in the second."""
    return complement(from_ranges((*complement(characters), *removed)))


def is_class(name: str) -> bool:
    """Whether there is a character class of this name."""
    return name in _CLASSES


@lru_cache(maxsize=64)
def named_class(name: str, *, ascii_only: bool) -> CharSet:
    """The characters of a class, in the "C" locale those of ASCII."""
    contains = _CLASSES[name]
    end = ASCII_END if ascii_only else LOOKED_UP_END
    return from_characters(character for character in map(chr, range(end)) if contains(character))


def with_cases(characters: CharSet, *, ascii_only: bool) -> CharSet:
    """
    The set with the other case of each letter.

    A character stands for its small and its capital letter, no more: the Kelvin sign for `k` and itself, while `k`
    stands for `k` and `K` only, as PostgreSQL asks the C library.
    """
    cased = (
        case
        for first, last in characters
        for code in range(first, min(last, LOOKED_UP_END) + 1)
        for case in _cases(chr(code), ascii_only=ascii_only)
    )
    return from_ranges((*characters, *from_characters(cased)))


def _cases(character: str, *, ascii_only: bool) -> tuple[str, ...]:
    if ascii_only and not character.isascii():
        return ()
    upper = character.upper()
    return (character.lower()[0], upper if len(upper) == 1 else character)
