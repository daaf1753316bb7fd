"""
The query interface over rows: which, in which order, how many.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

from .collation import COLLATIONS
from .columns import Column
from .options import SandboxOptions
from .predicates import PredicateCompiler
from .query import ListQuery, Parameters, read_list_query
from .resources import Resource
from .tables import Row, scatter


class Selector:
    """
    Answers queries over the rows of one shape.
    """

    def __init__(self, resource: Resource, options: SandboxOptions) -> None:
        """The options decide what the document leaves open."""
        self._resource = resource
        self._options = options

    def select(self, rows: Iterable[Row], parameters: Parameters) -> list[Row]:
        """
        The page a query asks for, of rows given in the order of their creation.

        Raises:
            Refusal: 400 for anything wrong in the parameters.
        """
        query = read_list_query(parameters, self._resource)
        limit = min(query.limit, self._options.page_clamp or query.limit)
        page = slice(query.offset, query.offset + limit)
        found = self._matching(rows, query)
        if query.sort is None and not query.descending:
            return list(islice(found, min(page.start, MOST_ROWS), min(page.stop, MOST_ROWS)))
        return list(self._sorted(found, query)[page])

    def _matching(self, rows: Iterable[Row], query: ListQuery) -> Iterable[Row]:
        compiler = PredicateCompiler(self._resource, self._options)
        tests = [compiler.compile_test(predicate) for predicate in query.predicates]
        if self._options.or_predicates and tests:
            return (row for row in rows if any(test(row) for test in tests))
        if compiler.wants_two_lists(query.predicates) and not self._options.or_predicates:
            return ()
        for test in tests:
            rows = filter(test, rows)
        return rows

    def _sorted(self, rows: Iterable[Row], query: ListQuery) -> Sequence[Row]:
        """
        Rows in order, nulls last ascending and first descending, as PostgreSQL does without being told otherwise.
        """
        if query.sort is None:
            return list(rows)[::-1]
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
        if query.sort == self._resource.key and self._resource.key_is_unique:
            return list(rows)
        if not self._options.unstable_ties:
            return sorted(rows, key=attrgetter("place"))
        salt = scatter(query.limit, query.offset)
        return sorted(rows, key=lambda row: row.place ^ salt)


MOST_ROWS = 2**62  # islice takes no larger number, and no query finds as many


def _sort_key(column: Column, position: int, collation: str) -> Any:
    if not column.type.patterns:
        return lambda row: row.values[position]
    collate = COLLATIONS[collation]
    return lambda row: collate(row.values[position])
