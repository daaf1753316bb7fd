"""
Backslash escapes.

Source: PostgreSQL manual, 9.7.3.3 Regular Expression Escapes.
"""

from dataclasses import dataclass

from .charsets import LAST
from .nodes import Place, RegexError
from .scanner import Scanner

BAD_ESCAPE = "invalid escape \\ sequence"
DIGITS = "0123456789"
HEX_DIGITS = "0123456789abcdefABCDEF"
BYTE_LIMIT = 0xFF
MANY = 255

_CHARACTERS = {
    "a": "\a", "b": "\b", "B": "\\", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_CLASSES = {"d": "digit", "s": "space", "w": "word"}
_PLACES = {
    "A": Place.TEXT_START,
    "Z": Place.TEXT_END,
    "m": Place.WORD_START,
    "M": Place.WORD_END,
    "y": Place.WORD_EDGE,
    "Y": Place.NO_WORD_EDGE,
}
_HEX_LENGTHS = {"u": (4, 4), "U": (8, 8), "x": (1, MANY)}


@dataclass(frozen=True, slots=True)
class ClassEscape:
    """A class of characters by its letter; `inside` False for the capital letters."""

    name: str
    inside: bool


@dataclass(frozen=True, slots=True)
class ReferenceEscape:
    """A back-reference by its number."""

    number: int


Escape = str | ClassEscape | ReferenceEscape | Place


def read_escape(scanner: Scanner, groups: int) -> Escape:
    """
    Read what follows a backslash, given how many groups were opened so far.

    Raises:
        RegexError: no such escape, or nothing follows.
    """
    if scanner.at_end:
        raise RegexError(BAD_ESCAPE)
    letter = scanner.next()
    if not (letter.isascii() and letter.isalnum()):
        return letter
    if letter in DIGITS:
        scanner.back(1)
        return _read_number(scanner, groups)
    if letter == "c":
        return _read_control(scanner)
    if letter in _HEX_LENGTHS:
        return _read_code(scanner, HEX_DIGITS, *_HEX_LENGTHS[letter])
    return _read_letter(letter)


def _read_letter(letter: str) -> Escape:
    if letter.lower() in _CLASSES:
        return ClassEscape(_CLASSES[letter.lower()], inside=letter.islower())
    found = _CHARACTERS.get(letter) or _PLACES.get(letter)
    if found is None:
        raise RegexError(BAD_ESCAPE)
    return found


def _read_control(scanner: Scanner) -> str:
    if scanner.at_end:
        raise RegexError(BAD_ESCAPE)
    return chr(ord(scanner.next()) & 0o37)


def _read_code(scanner: Scanner, digits: str, least: int, most: int) -> str:
    text = scanner.take_while(digits, most)
    if len(text) < least or int(text, 16) > LAST:
        raise RegexError(BAD_ESCAPE)
    return chr(int(text, 16))


def _read_number(scanner: Scanner, groups: int) -> Escape:
    """
    One digit other than 0, or a number of an opened group, is a back-reference; everything else is an octal code.
    """
    text = scanner.take_while(DIGITS, MANY)
    if text[0] != "0" and (len(text) == 1 or int(text) <= groups):
        return ReferenceEscape(int(text))
    scanner.back(len(text))
    octal = scanner.take_while("01234567", 3)
    if not octal:
        raise RegexError(BAD_ESCAPE)
    if int(octal, 8) > BYTE_LIMIT:
        scanner.back(1)
        octal = octal[:-1]
    return chr(int(octal, 8))
