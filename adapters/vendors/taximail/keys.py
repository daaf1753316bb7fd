"""
The ids of what lives inside a list: the list's number, a slash, and the number inside it.

A contact `314/3` is contact 3 of list 314, a segment `314/7` segment 7 of that list. Source: taximail-contacts.txt, the
paths of each call. Both are whole numbers in every example; an id of another shape is nothing's, and is never asked
for: a server that reads `314x` as 314 would show a neighbour's row.
"""

from dataclasses import dataclass

from .values import to_id

_BETWEEN = "/"


@dataclass(frozen=True, slots=True)
class InnerKey:
    """A list, and something in it."""

    list_id: str
    inner_id: str

    def __str__(self) -> str:
        """The id that callers see."""
        return f"{self.list_id}{_BETWEEN}{self.inner_id}"


def parse_key(text: str) -> InnerKey | None:
    """Read an id as `list/inner`, None for a text that can be nothing's."""
    list_id, _, inner_id = text.partition(_BETWEEN)
    if is_id(list_id) and is_id(inner_id):
        return InnerKey(list_id, inner_id)
    return None


def is_id(text: str) -> bool:
    """Say whether a text is an id as the vendor prints it: a number without leading zeros."""
    return to_id(text) == text
