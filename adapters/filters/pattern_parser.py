r"""
Reads a caller's pattern in the subset on which RE2 and PostgreSQL agree; refuses everything else by name.

Taken: literals, `.`, `[a-z]` and `[^a-z]`, `\d \w \s` and `\D \W \S` (ASCII), `^ $`, groups, `|`, `* + ?`, `{n}`,
`{n,}`, `{n,m}` with bounds up to 255, `\n \t \r \f \v`, and a backslash before any punctuation mark.
"""

import string
from typing import NoReturn

from adapters.errors import FilterError
from adapters.filters.pattern_tree import (
    AnyCharacter,
    Characters,
    Choice,
    Edge,
    Pattern,
    Range,
    Repeat,
    Sequence,
    count_size,
    holds_edge,
)

MAX_PATTERN_LENGTH = 2_000
MAX_REPEAT = 255
MAX_DEPTH = 30
# A bound for both engines: RE2 allows 1,000 in nested repetitions, and PostgreSQL's automaton stays small.
MAX_SIZE = 2_000

_SPACES: tuple[Range, ...] = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))
_WORD: tuple[Range, ...] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_CLASSES: dict[str, tuple[Range, ...]] = {"d": ((0x30, 0x39),), "w": _WORD, "s": _SPACES}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_HINT = "Allowed: literals, '.', [a-z], \\d \\w \\s, ^ $, groups, |, * + ? and {n,m} up to 255."


def parse(text: str) -> Pattern:
    """Return the pattern's tree; a `FilterError` says what is refused and where."""
    if len(text) > MAX_PATTERN_LENGTH:
        refuse(f"The pattern is longer than {MAX_PATTERN_LENGTH} characters.")
    parser = _Parser(text)
    pattern = parser.parse_choice()
    if not parser.at_end():
        parser.refuse("a ')' without its '('")
    if count_size(pattern) > MAX_SIZE:
        refuse("The pattern's repetitions are too many.", hint="Lower the bounds of nested {n,m}.")
    return pattern


def refuse(message: str, hint: str = _HINT) -> NoReturn:
    """Refuse a pattern."""
    raise FilterError(message, reason="PATTERN_INVALID", hint=hint)


class _Parser:
    """Reads one pattern from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def refuse(self, what: str) -> NoReturn:
        refuse(f"The pattern holds {what}, at character {self._at + 1}.")

    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def parse_choice(self) -> Pattern:
        branches = [self._parse_sequence()]
        while self._take("|"):
            branches.append(self._parse_sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _parse_sequence(self) -> Pattern:
        parts: list[Pattern] = []
        while not self.at_end() and self._peek() not in "|)":
            parts.append(self._parse_repeat())
        return Sequence(tuple(parts))

    def _parse_repeat(self) -> Pattern:
        part = self._parse_atom()
        if self._peek() not in ("*", "+", "?", "{"):
            return part
        if holds_edge(part):
            self.refuse("a repeated anchor")
        low, high = self._parse_count()
        if self._peek() in ("*", "+", "?", "{"):
            self.refuse("two repetitions in a row (lazy and possessive ones are not taken)")
        return Repeat(part, low, high)

    def _parse_count(self) -> tuple[int, int | None]:
        mark = self._next()
        if mark != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[mark]
        low = self._parse_number()
        high: int | None = low
        if self._take(","):
            high = None if self._peek() == "}" else self._parse_number()
        if not self._take("}"):
            self.refuse("an unfinished {n,m} (write \\{ for a brace)")
        if high is not None and high < low:
            self.refuse("a {n,m} whose bounds are the wrong way round")
        return low, high

    def _parse_number(self) -> int:
        digits = ""
        while self._peek() in string.digits and self._peek() and len(digits) < len(str(MAX_REPEAT)):
            digits += self._next()
        if not digits or int(digits) > MAX_REPEAT:
            self.refuse(f"a {{n,m}} without a number up to {MAX_REPEAT} (write \\{{ for a brace)")
        return int(digits)

    def _parse_atom(self) -> Pattern:
        mark = self._next()
        match mark:
            case "(":
                return self._parse_group()
            case "[":
                return self._parse_brackets()
            case "\\":
                return self._parse_escape()
            case ".":
                return AnyCharacter()
            case "^" | "$":
                return Edge(start=mark == "^")
            case "*" | "+" | "?" | "{":
                self._at -= 1
                self.refuse(f"a '{mark}' with nothing to repeat (write \\{mark} for the character)")
        return _single(mark)

    def _parse_group(self) -> Pattern:
        if self._peek() == "?":
            self._at += 1
            if not self._take(":"):
                self.refuse("a '(?' (look-around, inline flags and named groups are not taken)")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.refuse(f"groups nested deeper than {MAX_DEPTH}")
        inside = self.parse_choice()
        if not self._take(")"):
            self.refuse("a '(' without its ')'")
        self._depth -= 1
        return inside

    def _parse_escape(self) -> Characters:
        mark = self._next() if not self.at_end() else ""
        if mark.lower() in _CLASSES:
            return Characters(_CLASSES[mark.lower()], negated=mark.isupper())
        return _single(self._unescape(mark))

    def _unescape(self, mark: str) -> str:
        if mark in _CONTROLS:
            return _CONTROLS[mark]
        if not mark or mark not in string.punctuation:
            self._at -= len(mark)
            self.refuse("a backslash before something other than a punctuation mark or one of dwsDWSntrfv")
        return mark

    def _parse_brackets(self) -> Characters:
        negated = self._take("^")
        ranges: list[Range] = []
        while self._peek() != "]" or not ranges:
            ranges.extend(self._parse_range(first=not ranges))
        self._at += 1
        return Characters(tuple(ranges), negated)

    def _parse_range(self, *, first: bool) -> tuple[Range, ...]:
        low = self._parse_member(dash=first)
        if isinstance(low, tuple):
            return low
        if self._peek() != "-" or self._text[self._at + 1 : self._at + 2] == "]":
            return ((low, low),)
        self._at += 1
        high = self._parse_member(dash=False)
        if isinstance(high, tuple) or high < low:
            self.refuse("a range in brackets that does not run upwards")
        return ((low, high),)

    def _parse_member(self, *, dash: bool) -> int | tuple[Range, ...]:
        mark = self._next() if not self.at_end() else ""
        if mark == "\\":
            return self._parse_bracket_escape()
        if mark == "-" and (dash or self._peek() == "]"):
            return ord(mark)
        if not mark or mark in "[]-":
            self._at -= len(mark)
            self.refuse("brackets that are empty, unfinished or hold a bare '[', ']' or '-' (write \\- and so on)")
        return ord(mark)

    def _parse_bracket_escape(self) -> int | tuple[Range, ...]:
        mark = self._next() if not self.at_end() else ""
        if mark in _CLASSES:
            return _CLASSES[mark]
        return ord(self._unescape(mark))

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, mark: str) -> bool:
        found = self._peek() == mark
        self._at += found
        return found


def _single(character: str) -> Characters:
    return Characters(((ord(character), ord(character)),))
