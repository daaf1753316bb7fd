"""Unicode's simple case folding, as RE2's `(?i)` has it: which characters are the same when case is ignored."""

from bisect import bisect_left
from functools import cache, lru_cache

# No character above Adlam (U+1E900) has case; a test looks at all of them.
_LAST_CASED = 0x1F000


def fold(text: str) -> str:
    """Replace every character by the one that stands for all its cases; equal folds are equal ignoring case."""
    return text.lower() if text.isascii() else "".join(_fold_character(character) for character in text)


@cache
def build_variants() -> dict[str, frozenset[str]]:
    """Map every character that has case to all characters it equals, itself among them (`k` to `k`, `K` and the
    Kelvin sign).
    """
    variants: dict[str, set[str]] = {}
    for code in range(_LAST_CASED):
        folded = _fold_character(chr(code))
        if folded != chr(code):
            variants.setdefault(folded, {folded}).add(chr(code))
    return {character: frozenset(same) for same in variants.values() for character in same}


@lru_cache(maxsize=1_000)
def find_variants(low: int, high: int) -> frozenset[int]:
    """Return the code points outside `low` to `high` that equal one inside, ignoring case."""
    pairs = _pair_variants()
    inside = pairs[bisect_left(pairs, (low, 0)) : bisect_left(pairs, (high + 1, 0))]
    return frozenset(other for _, other in inside if not low <= other <= high)


@cache
def _pair_variants() -> list[tuple[int, int]]:
    """List each cased code point with every other that equals it, in order."""
    variants = build_variants().items()
    return sorted((ord(one), ord(other)) for one, same in variants for other in same if other != one)


def _fold_character(character: str) -> str:
    folded = character.casefold()
    if len(folded) != 1:  # full folding makes several characters of one, simple folding never does
        folded = character.lower()
    return folded if len(folded) == 1 else character
