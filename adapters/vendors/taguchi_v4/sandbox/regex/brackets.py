"""
Bracket expressions.

Source: PostgreSQL manual, 9.7.3.2 Bracket Expressions.
"""

from .charsets import CharSet, complement, from_ranges, is_class, named_class, with_cases
from .escapes import BAD_ESCAPE, ClassEscape, read_escape
from .nodes import RegexError
from .scanner import Scanner

UNBALANCED = "brackets [] not balanced"
BAD_RANGE = "invalid character range"
BAD_CLASS = "invalid character class"
BAD_ELEMENT = "invalid collating element"


class BracketReader:
    """
    Reads what stands between `[` and `]` as a set of characters.
    """

    def __init__(self, scanner: Scanner, *, ignore_case: bool, ascii_only: bool) -> None:
        """The scanner stands after the opening bracket."""
        self._scanner = scanner
        self._ignore_case = ignore_case
        self._ascii_only = ascii_only

    def read(self) -> CharSet:
        """
        Read up to and with the closing bracket; a leading `^` turns the set inside out.

        Raises:
            RegexError: unbalanced, an inverted range, an unknown class.
        """
        scanner = self._scanner
        negated = scanner.take("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not scanner.sees("]"):
            if scanner.at_end:
                raise RegexError(UNBALANCED)
            ranges.extend(self._read_part(first=first))
            first = False
        scanner.next()
        characters = from_ranges(ranges)
        return complement(characters) if negated else characters

    def _read_part(self, *, first: bool) -> CharSet:
        if not first and self._scanner.sees("-") and self._scanner.peek(1) != "]":
            raise RegexError(BAD_RANGE)
        start = self._read_element()
        if not isinstance(start, str):
            return start
        if not self._scanner.sees("-") or self._scanner.peek(1) == "]":
            return self._cased(((ord(start), ord(start)),))
        self._scanner.next()
        end = self._read_element()
        if not isinstance(end, str) or ord(end) < ord(start):
            raise RegexError(BAD_RANGE)
        return self._cased(((ord(start), ord(end)),))

    def _cased(self, characters: CharSet) -> CharSet:
        return with_cases(characters, ascii_only=self._ascii_only) if self._ignore_case else characters

    def _read_element(self) -> str | CharSet:
        """One character, or a whole class."""
        scanner = self._scanner
        if scanner.at_end:
            raise RegexError(UNBALANCED)
        if scanner.take("[:"):
            return self._class(scanner.take_until(":]", UNBALANCED))
        if scanner.take("[."):
            return _single(scanner.take_until(".]", UNBALANCED))
        if scanner.take("[="):
            single = _single(scanner.take_until("=]", UNBALANCED))
            return self._cased(((ord(single), ord(single)),))
        if scanner.take("\\"):
            return self._read_escaped()
        return scanner.next()

    def _read_escaped(self) -> str | CharSet:
        escape = read_escape(self._scanner, groups=0)
        if isinstance(escape, str):
            return escape
        if isinstance(escape, ClassEscape):
            characters = self._class(escape.name)
            return characters if escape.inside else complement(characters)
        raise RegexError(BAD_ESCAPE)

    def _class(self, name: str) -> CharSet:
        if not is_class(name):
            raise RegexError(BAD_CLASS)
        either_case = self._ignore_case and name in {"lower", "upper"}
        return named_class("alpha" if either_case else name, ascii_only=self._ascii_only)


def _single(text: str) -> str:
    if len(text) != 1:
        raise RegexError(BAD_ELEMENT)
    return text
