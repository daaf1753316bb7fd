"""
People as the text of an import: rows apart by `|:|`, values apart by a sign that none of them holds.

No way is documented to write a separator inside a value, so whatever does not come apart again as it was put together
is not sent: values that hold the sign between two values need another one, or something around each value; a value
with the sign between two rows, or a line break, cannot be sent at all.
Source: taximail-contacts.txt, Importing, subscribers_data, field_terminator, field_encloser.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.errors import InputError

from .columns import EMAIL, Columns

ROWS_APART: Final = "|:|"
CHUNK: Final = 500
"""The most rows of one import; how many the vendor takes is not documented."""

_TERMINATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
_ENCLOSERS: Final = {"none": "", "double_quote": '"', "single_quote": "'"}
_TERMINATOR_WORDS: Final = {"comma": ",", "semicolon": "semicolon", "tab": "tap"}
_ENCLOSER_WORDS: Final = {"double_quote": "double quote", "single_quote": "single quote"}
"""
What is sent. The document's list of words and its example differ: for a comma the example and public clients send the
sign, which a server that knows only words takes for its default, a comma. `tap` is the document's own word.
"""


_BREAKS: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
"""What may end a line, and other control characters; a tab is a sign between values."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a row is written: what stands between its values, and what around each."""

    terminator: str
    encloser: str

    @property
    def form(self) -> tuple[tuple[str, str], ...]:
        """The parameters that say so; nothing around a value is the vendor's default."""
        word = _ENCLOSER_WORDS.get(self.encloser)
        around = () if word is None else (("field_encloser", word),)
        return (("field_terminator", _TERMINATOR_WORDS[self.terminator]), *around)

    def fits(self, text: str) -> bool:
        """Say whether a value can be written so and read again."""
        if ROWS_APART in text or _BREAKS.search(text):
            return False
        between, around = _TERMINATORS[self.terminator], _ENCLOSERS[self.encloser]
        if around:
            return around not in text
        return between not in text and text == text.strip() and text[:1] not in {"'", '"'}

    def write(self, texts: Iterable[str]) -> str:
        """Write one row."""
        around = _ENCLOSERS[self.encloser]
        return _TERMINATORS[self.terminator].join(f"{around}{text}{around}" for text in texts)

    def takes(self, texts: Sequence[str]) -> bool:
        """Say whether a row can be written so, next to other rows too."""
        if not all(map(self.fits, texts)):
            return False
        row = self.write(texts)
        return f"{row}{ROWS_APART}{row}".split(ROWS_APART) == [row, row]


FORMATS: Final = tuple(Format(between, around) for around in _ENCLOSERS for between in _TERMINATORS)
"""All ways to write a row, the plainest first."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of an import: its place in the input, and its values."""

    place: int
    columns: Columns

    def list_texts(self, names: Sequence[str]) -> list[str]:
        """Return its values in the order of some columns."""
        return [self.columns.texts[name] for name in names]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that go out as one import: they have the same columns, and are written alike."""

    names: tuple[str, ...]
    format: Format
    people: tuple[Person, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """The places of its rows in the input."""
        return tuple(person.place for person in self.people)

    @property
    def text(self) -> str:
        """The rows as they are sent."""
        return ROWS_APART.join(self.format.write(person.list_texts(self.names)) for person in self.people)


def choose_formats(options: Mapping[str, Any]) -> tuple[Format, ...]:
    """Return the ways to write a row that an input leaves open."""
    between, around = options.get("field_terminator"), options.get("field_encloser")
    return tuple(
        each
        for each in FORMATS
        if (between is None or each.terminator == between) and (around is None or each.encloser == around)
    )


def build_batches(people: Sequence[Person], formats: Sequence[Format]) -> tuple[Batch, ...]:
    """
    Divide people into imports: a value that was not given is never sent as an empty one.

    Raises:
        InputError: a value that cannot be sent, with its place in the input.
    """
    groups: dict[tuple[tuple[str, ...], Format], list[Person]] = {}
    for names, alike in _divide(people).items():
        whole = next((each for each in formats if all(each.takes(person.list_texts(names)) for person in alike)), None)
        for person in alike:
            groups.setdefault((names, whole or _choose(person, names, formats)), []).append(person)
    return tuple(
        Batch(names, format_, tuple(group[start : start + CHUNK]))
        for (names, format_), group in groups.items()
        for start in range(0, len(group), CHUNK)
    )


def _divide(people: Sequence[Person]) -> dict[tuple[str, ...], list[Person]]:
    """Divide people by the columns they have values for, the address first."""
    divided: dict[tuple[str, ...], list[Person]] = {}
    for person in people:
        names = (EMAIL, *sorted(name for name in person.columns.texts if name != EMAIL))
        divided.setdefault(names, []).append(person)
    return divided


def _choose(person: Person, names: tuple[str, ...], formats: Sequence[Format]) -> Format:
    """Return the first way to write one person; raises `InputError` where there is none."""
    chosen = next((each for each in formats if each.takes(person.list_texts(names))), None)
    if chosen is not None:
        return chosen
    raise InputError(
        "This value cannot be part of an import: it holds a sign that divides values or rows.",
        reason="SEPARATOR_IN_VALUE",
        hint="Leave out line breaks, `|:|`, and commas beside semicolons, tabs and quotes; or set it by an update.",
        path=next(_list_unfit(person, names, formats)),
    )


def _list_unfit(person: Person, names: Sequence[str], formats: Sequence[Format]) -> Iterator[tuple[str | int, ...]]:
    """Yield where the values stand that fit no format, or fewer than all, the worst first."""
    paths = person.columns.paths
    scores = {name: sum(each.fits(person.columns.texts[name]) for each in formats) for name in names}
    yield from (paths[name] for name in sorted(names, key=lambda name: scores[name]))
