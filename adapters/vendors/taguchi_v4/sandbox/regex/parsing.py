"""
From a pattern to its nodes, by PostgreSQL's rules.
"""

from dataclasses import dataclass, replace

from .brackets import BracketReader
from .charsets import ANY, NEWLINE, CharSet, complement, from_characters, named_class, with_cases, without
from .escapes import DIGITS, MANY, ClassEscape, ReferenceEscape, read_escape
from .nodes import BackReference, Choice, Group, Look, Node, One, Place, RegexError, Repeat, Sequence
from .scanner import Scanner

BAD_QUANTIFIER = "quantifier operand invalid"
BAD_BRACES = "invalid repetition count(s)"
BAD_OPTION = "invalid embedded option"
BAD_REFERENCE = "invalid backreference number"
UNBALANCED = "parentheses () not balanced"
MOST_REPEATS = 255
SIMPLE_QUANTIFIERS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
LOOKS = {"(?=": (True, True), "(?!": (True, False), "(?<=": (False, True), "(?<!": (False, False)}


@dataclass(frozen=True, slots=True)
class Flags:
    """How a pattern is read; embedded options change it."""

    ignore_case: bool
    ascii_only: bool
    literal: bool = False
    dot_stops: bool = False
    lines: bool = False


_OPTIONS: dict[str, dict[str, bool]] = {
    "c": {"ignore_case": False},
    "i": {"ignore_case": True},
    "n": {"dot_stops": True, "lines": True},
    "m": {"dot_stops": True, "lines": True},
    "p": {"dot_stops": True, "lines": False},
    "w": {"dot_stops": False, "lines": True},
    "s": {"dot_stops": False, "lines": False},
    "q": {"literal": True},
    "t": {},
}


def parse(pattern: str, flags: Flags) -> Node:
    """
    Parse a pattern.

    Raises:
        RegexError: PostgreSQL refuses it, or the sandbox cannot match it.
    """
    scanner = Scanner(pattern)
    flags = _read_prefix(scanner, flags)
    parser = _Parser(scanner, flags)
    return parser.read_literal() if flags.literal else parser.read_all()


def _read_prefix(scanner: Scanner, flags: Flags) -> Flags:
    if scanner.take("***="):
        return replace(flags, literal=True)
    if not scanner.take("***:") and scanner.sees("***"):
        raise RegexError(BAD_QUANTIFIER)
    if not scanner.sees("(?") or not (scanner.peek(2).isascii() and scanner.peek(2).isalpha()):
        return flags
    scanner.take("(?")
    for letter in scanner.take_until(")", BAD_OPTION):
        if letter not in _OPTIONS:
            raise RegexError(BAD_OPTION)
        flags = replace(flags, **_OPTIONS[letter])
    return flags


class _Parser:
    """Recursive descent: alternatives, branches, quantified atoms."""

    def __init__(self, scanner: Scanner, flags: Flags) -> None:
        self._scanner = scanner
        self._flags = flags
        self._opened = 0
        self._closed: set[int] = set()
        self._looking = 0

    def read_literal(self) -> Node:
        parts: list[Node] = []
        while not self._scanner.at_end:
            parts.append(self._one(self._scanner.next()))
        return Sequence(tuple(parts))

    def read_all(self) -> Node:
        node = self._read_choice()
        if not self._scanner.at_end:
            raise RegexError(UNBALANCED)
        return node

    def _read_choice(self) -> Node:
        branches = [self._read_branch()]
        while self._scanner.take("|"):
            branches.append(self._read_branch())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _read_branch(self) -> Node:
        parts: list[Node] = []
        self._scanner.skip_comments()
        while not self._scanner.at_end and self._scanner.peek() not in "|)":
            parts.append(self._read_quantified())
            self._scanner.skip_comments()
        return Sequence(tuple(parts))

    def _read_quantified(self) -> Node:
        """One atom with its quantifier; constraints on the place take none, so `^*` is refused."""
        if self._sees_quantifier():
            raise RegexError(BAD_QUANTIFIER)
        atom = self._read_atom()
        self._scanner.skip_comments()
        if isinstance(atom, Place | Look):
            return atom
        return self._read_quantifier(atom) if self._sees_quantifier() else atom

    def _sees_quantifier(self) -> bool:
        character = self._scanner.peek()
        following = self._scanner.peek(1)
        return character != "" and (
            character in SIMPLE_QUANTIFIERS or (character == "{" and following != "" and following in DIGITS)
        )

    def _read_quantifier(self, atom: Node) -> Node:
        character = self._scanner.next()
        least, most = SIMPLE_QUANTIFIERS[character] if character != "{" else self._read_braces()
        self._scanner.take("?")  # not greedy: the same matches exist
        return Repeat(atom, least, most)

    def _read_braces(self) -> tuple[int, int | None]:
        least = int(self._scanner.take_while(DIGITS, MANY))
        most: int | None = least
        if self._scanner.take(","):
            text = self._scanner.take_while(DIGITS, MANY)
            most = int(text) if text else None
        if not self._scanner.take("}") or max(least, most or 0) > MOST_REPEATS or (most is not None and least > most):
            raise RegexError(BAD_BRACES)
        return least, most

    def _read_atom(self) -> Node:
        for word, place in (("[[:<:]]", Place.WORD_START), ("[[:>:]]", Place.WORD_END)):
            if self._scanner.take(word):
                return place
        if self._scanner.sees("("):
            return self._read_parentheses()
        character = self._scanner.next()
        if character == "[":
            return self._read_bracket()
        if character == "\\":
            return self._read_escape()
        return self._special(character) or self._one(character)

    def _special(self, character: str) -> Node | None:
        lines = self._flags.lines
        specials: dict[str, Node] = {
            "^": Place.LINE_START if lines else Place.TEXT_START,
            "$": Place.LINE_END if lines else Place.TEXT_END,
            ".": One(self._stopped(ANY)),
        }
        return specials.get(character)

    def _read_parentheses(self) -> Node:
        for opening, (ahead, wanted) in LOOKS.items():
            if self._scanner.take(opening):
                return self._read_look(ahead=ahead, wanted=wanted)
        capturing = not self._scanner.sees("(?")
        if not capturing and not self._scanner.take("(?:"):
            raise RegexError(BAD_QUANTIFIER)
        if capturing:
            self._scanner.next()
        if not capturing or self._looking:
            return self._read_closed()
        self._opened += 1
        number = self._opened
        part = self._read_closed()
        self._closed.add(number)
        return Group(part)

    def _read_look(self, *, ahead: bool, wanted: bool) -> Look:
        self._looking += 1
        part = self._read_closed()
        self._looking -= 1
        return Look(part, ahead, wanted)

    def _read_closed(self) -> Node:
        part = self._read_choice()
        if not self._scanner.take(")"):
            raise RegexError(UNBALANCED)
        return part

    def _read_bracket(self) -> Node:
        reader = BracketReader(self._scanner, ignore_case=self._flags.ignore_case, ascii_only=self._flags.ascii_only)
        negated = self._scanner.sees("^")
        characters = reader.read()
        return One(self._stopped(characters) if negated else characters)

    def _read_escape(self) -> Node:
        escape = read_escape(self._scanner, self._opened)
        if isinstance(escape, str):
            return self._one(escape)
        if isinstance(escape, Place):
            return escape
        if isinstance(escape, ReferenceEscape):
            return self._reference(escape.number)
        return One(self._class(escape))

    def _class(self, escape: ClassEscape) -> CharSet:
        characters = named_class(escape.name, ascii_only=self._flags.ascii_only)
        return characters if escape.inside else self._stopped(complement(characters))

    def _reference(self, number: int) -> Node:
        if self._looking:
            raise RegexError(BAD_REFERENCE)
        if number not in self._closed:
            raise RegexError(BAD_REFERENCE)
        return BackReference(number, self._flags.ignore_case)

    def _one(self, character: str) -> One:
        characters = from_characters(character)
        if self._flags.ignore_case:
            characters = with_cases(characters, ascii_only=self._flags.ascii_only)
        return One(characters)

    def _stopped(self, characters: CharSet) -> CharSet:
        return without(characters, NEWLINE) if self._flags.dot_stops else characters
