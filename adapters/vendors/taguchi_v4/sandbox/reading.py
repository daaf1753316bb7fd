"""
The reads: one record by its key, a list by the query interface, or a record's feed.
"""

from typing import Any

from .events import Feed
from .events.shape import FEED, show_event
from .options import SandboxOptions
from .query import Parameters
from .refusals import not_found
from .revisions import Choice, read_revision_choice
from .selecting import Selector
from .store import Store
from .tables import Key, Row, Table

Record = dict[str, Any]
LONGEST_KEY = 20


class Reader:
    """
    Answers the reads of one resource.
    """

    def __init__(self, table: Table, options: SandboxOptions) -> None:
        """The options decide what the document leaves open."""
        self._table = table
        self._resource = table.resource
        self._options = options

    def read_one(self, key_text: str, parameters: Parameters) -> list[Record]:
        """
        The record with this key, alone in a list.

        Raises:
            Refusal: 404 when there is none, 400 for a `revisions` value the resource does not know.
        """
        choose = read_revision_choice(parameters, self._resource, self._options)
        row = self.find(key_text)
        return [self._table.show(row, choose(row))]

    def show_one(self, key: Key, choose: Choice) -> list[Record]:
        """
        The record just written, also where the write has hidden it; `choose` says which of its revisions.
        """
        row = dict(self._table.every())[key]
        return [self._table.show(row, choose(row))]

    def read_list(self, parameters: Parameters) -> list[Record]:
        """
        The records a query selects.

        Raises:
            Refusal: 400 for anything wrong in the parameters.
        """
        choose = read_revision_choice(parameters, self._resource, self._options)
        rows = Selector(self._resource, self._options).select(self._table.visible(), parameters)
        return [self._table.show(row, choose(row)) for row in rows]

    def find(self, key_text: str) -> Row:
        """
        The visible record a path names.

        Raises:
            Refusal: 404 when there is none.
        """
        row = self._table.find(key_text if self._resource.key_column.type.patterns else _number(key_text))
        if row is None:
            raise not_found(f"{self._resource.name} {key_text} does not exist")
        return row


def read_feed(
    store: Store, options: SandboxOptions, path: tuple[str, str, str], parameters: Parameters
) -> list[Record]:
    """
    The events of a record's feed that a query selects; `path` is a resource with such feeds, a key, the feed's name.

    Raises:
        Refusal: 404 when there is no such record, 400 for anything wrong in the parameters.
    """
    resource, key_text, feed = path
    Reader(store.tables[resource], options).find(key_text)
    events = Feed(store.events, store.schedule, resource, feed, _number(key_text))
    return [show_event(row) for row in Selector(FEED, options).select(events.rows(), parameters)]


def _number(key_text: str) -> int:
    """The integer key a path names; 0, which no record has, when it names none."""
    is_key = key_text.isascii() and key_text.isdigit() and len(key_text) <= LONGEST_KEY
    return int(key_text) if is_key else 0
