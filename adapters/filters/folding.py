"""Unicode's simple case folding, as RE2's `(?i)` has it: which characters are the same when case is ignored."""

from functools import cache

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


def _fold_character(character: str) -> str:
    folded = character.casefold()
    if len(folded) != 1:  # full folding makes several characters of one, simple folding never does
        folded = character.lower()
    return folded if len(folded) == 1 else character
