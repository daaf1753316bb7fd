"""
Texts the query grammar cannot compare with as they stand, and how to ask for them all the same.

`null` as an operand is SQL's NULL, so no comparison with the text `null` is ever true; a regular expression is. The
empty text goes the same way: nothing says that an empty operand survives the vendor's parser.
Source: taguchi-v4-api.txt, Queries, `is`; vendors/facts.md, 1.4. All patterns here are plain POSIX.
"""

from typing import Final

from adapters.filters.pattern import literal_pattern
from adapters.filters.pattern_tree import AnyCharacter, Characters, Choice, Edge, Repeat, Sequence, write

NULL_WORD: Final = "null"
NOT_EMPTY: Final = "."
"""A pattern of every text but the empty one: a period takes any character, line breaks included."""

_ONE: Final = AnyCharacter()


def is_unspeakable(text: str) -> bool:
    """Say whether the text cannot be an operand of eq, neq and the ranges (in any case: the safe reading)."""
    return not text or text.lower() == NULL_WORD


def equal_to(wire: str, text: str) -> str:
    """Select rows whose text is this one."""
    if is_unspeakable(text):
        return f"{wire}-re-{literal_pattern(text, starts=True, ends=True)}"
    return f"{wire}-eq-{text}"


def other_than(wire: str, text: str) -> str:
    """Select rows that hold a text, and another one."""
    if is_unspeakable(text):
        return f"{wire}-re-{_pattern_of_others(text)}"
    return f"{wire}-neq-{text}"


def matching(wire: str, pattern: str) -> str:
    """Select rows whose text holds a match; a pattern that would be an operand in bare words is put in a group."""
    if not pattern:
        return f"{wire}-nt-null"
    return f"{wire}-re-(?:{pattern})" if is_unspeakable(pattern) else f"{wire}-re-{pattern}"


def starting_with(wire: str, text: str) -> str:
    """Select rows whose text starts so."""
    return f"{wire}-like-{_escape_like(text)}%"


def ending_with(wire: str, text: str) -> str:
    """Select rows whose text ends so."""
    return f"{wire}-like-%{_escape_like(text)}"


def holding(wire: str, text: str) -> str:
    """Select rows whose text holds this one."""
    return f"{wire}-like-%{_escape_like(text)}%"


def _escape_like(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\%_" else character for character in text)


def _pattern_of_others(text: str) -> str:
    """Build a pattern of every text but this short one: shorter, longer, or different in one place."""
    if not text:
        return NOT_EMPTY
    length = len(text)
    shorter, longer = Repeat(_ONE, 0, length - 1), Sequence((_any(length), Repeat(_ONE, 1, None)))
    different = (
        Sequence((_any(place), Characters(((ord(character), ord(character)),), negated=True), _any(length - place - 1)))
        for place, character in enumerate(text)
    )
    return write(Sequence((Edge(start=True), Choice((shorter, longer, *different)), Edge(start=False))))


def _any(count: int) -> Sequence:
    return Sequence((Repeat(_ONE, count, count),) if count else ())
