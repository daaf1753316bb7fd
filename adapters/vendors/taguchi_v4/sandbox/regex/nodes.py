"""
What a parsed pattern consists of.
"""

from dataclasses import dataclass
from enum import Enum

from .charsets import CharSet


class RegexError(ValueError):
    """
    The pattern is not a regular expression, or not one the sandbox can match.
    """

    def __init__(self, reason: str) -> None:
        """The text starts as PostgreSQL's does."""
        super().__init__(f"invalid regular expression: {reason}")


class Place(Enum):
    """A constraint on where in the text we are."""

    TEXT_START = "text start"
    TEXT_END = "text end"
    LINE_START = "line start"
    LINE_END = "line end"
    WORD_START = "word start"
    WORD_END = "word end"
    WORD_EDGE = "word edge"
    NO_WORD_EDGE = "no word edge"


@dataclass(frozen=True, slots=True)
class One:
    """One character of a set."""

    characters: CharSet


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other; none is the empty match."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the branches."""

    branches: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part so many times; `most` None is without end."""

    part: "Node"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Parentheses that back-references can name."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class BackReference:
    """The text a group matched, again."""

    number: int
    ignore_case: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A part that must, or must not, match ahead of or behind this place."""

    part: "Node"
    ahead: bool
    wanted: bool


Node = One | Sequence | Choice | Repeat | Group | BackReference | Look | Place
