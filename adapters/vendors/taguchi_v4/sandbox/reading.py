"""
The reads: one record by its key, or a list by the query interface.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .collation import COLLATIONS
from .columns import Column
from .options import SandboxOptions
from .predicates import PredicateCompiler, Test
from .query import ListQuery, Parameters, read_list_query
from .refusals import not_found
from .revisions import read_revision_choice
from .tables import Row, Table, scatter

Record = dict[str, Any]
Decision = Callable[[Iterable[bool | None]], bool]


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
        row = self._find(key_text)
        if row is None:
            raise not_found(f"{self._resource.name} {key_text} does not exist")
        return [self._table.show(row, choose(row))]

    def read_list(self, parameters: Parameters) -> list[Record]:
        """
        The records a query selects.

        Raises:
            Refusal: 400 for anything wrong in the parameters.
        """
        choose = read_revision_choice(parameters, self._resource, self._options)
        query = read_list_query(parameters, self._resource)
        rows = self._sorted(self._selected(query), query)
        limit = min(query.limit, self._options.page_clamp or query.limit)
        page = rows[query.offset : query.offset + limit]
        return [self._table.show(row, choose(row)) for row in page]

    def _find(self, key_text: str) -> Row | None:
        if self._resource.key_column.type.patterns:
            return self._table.find(key_text)
        return self._table.find(int(key_text)) if key_text.isascii() and key_text.isdigit() else None

    def _selected(self, query: ListQuery) -> Iterable[Row]:
        compiler = PredicateCompiler(self._resource, self._options)
        tests = [compiler.compile_test(predicate) for predicate in query.predicates]
        if self._options.or_predicates:
            return _matching(self._table.visible(), tests, any if tests else all)
        if compiler.wants_two_lists(query.predicates):
            return ()
        return _matching(self._table.visible(), tests, all)

    def _sorted(self, rows: Iterable[Row], query: ListQuery) -> Sequence[Row]:
        """
        Rows in order, nulls last ascending and first descending, as PostgreSQL does without being told otherwise.
        """
        if query.sort is None:
            listed = list(rows)
            return listed[::-1] if query.descending else listed
        position = self._resource.positions[query.sort]
        key = _sort_key(self._resource.columns[position], position, self._options.collation)
        listed = self._scattered(rows, query)
        known = [row for row in listed if row.values[position] is not None]
        known.sort(key=key, reverse=query.descending)
        unknown = [row for row in listed if row.values[position] is None]
        return unknown + known if query.descending else known + unknown

    def _scattered(self, rows: Iterable[Row], query: ListQuery) -> list[Row]:
        """
        Rows in the order they have among equals: SQL promises none, so it must not be that of the ids.
        """
        if query.sort == self._resource.key:
            return list(rows)
        salt = scatter(query.limit, query.offset) if self._options.unstable_ties else 0
        return sorted(rows, key=lambda row: row.place ^ salt)


def _matching(rows: Iterable[Row], tests: Sequence[Test], decide: Decision) -> Iterable[Row]:
    return (row for row in rows if decide(test(row) for test in tests))


def _sort_key(column: Column, position: int, collation: str) -> Any:
    if not column.type.patterns:
        return lambda row: row.values[position]
    collate = COLLATIONS[collation]
    return lambda row: collate(row.values[position])
