"""
Patterns that mean the same to RE2, which checks rows here, and to a vendor's PostgreSQL, which narrows there.

A caller's text is never handed on as it came: it is read (`pattern_parser`) and written anew (`pattern_tree`), one
text for both engines. `.` and negated brackets take line breaks; `^` and `$` are the ends of the whole text. Ignoring
case is spelled out (`[Aa]`), so it needs no flag and no locale.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

import re2

from adapters.filters.pattern_parser import parse, refuse
from adapters.filters.pattern_tree import Choice, Edge, Pattern, Sequence, build_literal, write

_MAX_MEMORY_BYTES = 4 << 20


def check_pattern(text: str) -> None:
    """Refuse, with a `FilterError`, a pattern outside the common subset or too large for RE2."""
    to_re2(text)


def to_posix(text: str, *, ignore_case: bool = False) -> str:
    """Return an equivalent pattern for PostgreSQL's `~`; the text must have passed `check_pattern`."""
    return write(parse(text), ignore_case=ignore_case)


@lru_cache(maxsize=64)
def to_re2(text: str, *, ignore_case: bool = False) -> Callable[[str], bool]:
    """Return a test of whether a text holds a match; linear in the text's length whatever the pattern."""
    options = re2.Options()
    options.dot_nl = True
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MAX_MEMORY_BYTES
    try:
        search = re2.compile(to_posix(text, ignore_case=ignore_case), options).search
    except re2.error:
        refuse("The pattern is too large.", hint="Shorten it, or lower the bounds of its repetitions.")
    # Bytes spare re2's translation of offsets; half of a surrogate pair is no character and reads as "?".
    return lambda value: search(value.encode("utf-8", "replace")) is not None


def literal_pattern(text: str, *, starts: bool = False, ends: bool = False, ignore_case: bool = False) -> str:
    """Return a pattern, good for either engine, of texts that hold, start with, end with or are exactly this text."""
    return write(_anchor(build_literal(text), starts=starts, ends=ends), ignore_case=ignore_case)


def any_of(texts: Iterable[str], *, ignore_case: bool = False) -> str:
    """Return a pattern, good for either engine, of texts that are exactly one of these."""
    choice = Choice(tuple(build_literal(text) for text in texts))
    return write(_anchor(choice, starts=True, ends=True), ignore_case=ignore_case)


def _anchor(pattern: Pattern, *, starts: bool, ends: bool) -> Sequence:
    return Sequence((*[Edge(start=True)] * starts, pattern, *[Edge(start=False)] * ends))
