"""
A pattern as a small tree, and its one written form.

The written form means the same to RE2 (with `dot_nl`) and to PostgreSQL's advanced regular expressions: nothing in it
depends on a locale, a flag or a class the two define differently.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.filters.folding import find_variants

Range = tuple[int, int]

_META = frozenset(".[]()*+?{}|^$\\")
_META_IN_BRACKETS = frozenset("[]^-\\")


@dataclass(frozen=True, slots=True)
class AnyCharacter:
    """One character, a line break too."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character inside (or, negated, outside) inclusive ranges of code points."""

    ranges: tuple[Range, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """The start or the end of the text."""

    start: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other; empty matches the empty text."""

    parts: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of the branches."""

    branches: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part, from `low` to `high` times; without `high`, as often as wished."""

    part: "Pattern"
    low: int
    high: int | None


Pattern = AnyCharacter | Characters | Edge | Sequence | Choice | Repeat


def build_literal(text: str) -> Sequence:
    """Return the pattern of exactly this text."""
    return Sequence(tuple(Characters(((ord(character), ord(character)),)) for character in text))


def holds_edge(pattern: Pattern) -> bool:
    """Say whether an anchor stands anywhere in the pattern."""
    match pattern:
        case Edge():
            return True
        case Sequence(parts) | Choice(parts):
            return any(holds_edge(part) for part in parts)
        case Repeat(part):
            return holds_edge(part)
    return False


def count_size(pattern: Pattern) -> int:
    """Count the characters and anchors of the pattern with its repetitions written out."""
    match pattern:
        case Sequence(parts) | Choice(parts):
            return 1 + sum(count_size(part) for part in parts)
        case Repeat(part, low, high):
            return count_size(part) * max(low + 1 if high is None else high, 1)
    return 1


def write(pattern: Pattern, *, ignore_case: bool = False) -> str:
    """Write the pattern so that RE2 and PostgreSQL read the same; ignoring case spells out every case."""
    match pattern:
        case AnyCharacter():
            return "."
        case Edge(start):
            return "^" if start else "$"
        case Characters():
            return _write_characters(pattern, ignore_case=ignore_case)
        case Sequence(parts):
            return "".join(_write_part(part, ignore_case=ignore_case) for part in parts)
        case Choice(branches):
            return "|".join(write(branch, ignore_case=ignore_case) for branch in branches)
        case Repeat(part, low, high):
            return _write_atom(part, ignore_case=ignore_case) + _write_count(low, high)


def _write_part(part: Pattern, *, ignore_case: bool) -> str:
    written = write(part, ignore_case=ignore_case)
    return f"(?:{written})" if isinstance(part, Choice) else written


def _write_atom(part: Pattern, *, ignore_case: bool) -> str:
    written = write(part, ignore_case=ignore_case)
    return written if isinstance(part, AnyCharacter | Characters) else f"(?:{written})"


def _write_count(low: int, high: int | None) -> str:
    short = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high))
    if short is not None:
        return short
    if high is None:
        return f"{{{low},}}"
    return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def _write_characters(characters: Characters, *, ignore_case: bool) -> str:
    ranges = _merge(_add_cases(characters.ranges) if ignore_case else characters.ranges)
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1] and not characters.negated:
        return _escape(chr(ranges[0][0]), _META)
    inside = "".join(_write_range(low, high) for low, high in ranges)
    return f"[{'^' if characters.negated else ''}{inside}]"


def _write_range(low: int, high: int) -> str:
    first, last = _escape(chr(low), _META_IN_BRACKETS), _escape(chr(high), _META_IN_BRACKETS)
    if low == high:
        return first
    return f"{first}{last}" if low + 1 == high else f"{first}-{last}"


def _escape(character: str, special: frozenset[str]) -> str:
    return f"\\{character}" if character in special else character


def _add_cases(ranges: Iterable[Range]) -> list[Range]:
    added = list(ranges)
    for low, high in ranges:
        added.extend((code, code) for code in find_variants(low, high))
    return added


def _merge(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged
