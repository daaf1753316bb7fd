"""
What a connection may be asked for.
"""

from typing import Any

import pytest

from adapters.errors import InputError
from adapters.filters.order import Position
from adapters.records import ListRecord
from adapters.records.making import build_maker
from adapters.records.tables import Table
from resolvers.cursors import CursorScope, CursorWriter
from resolvers.pages import ConnectionArgs, ConnectionRecord, Edges, PageRequest, build_page_request

REFUSED = {
    "first with last": ({"first": 1, "last": 1}, "PAGE_ARGUMENTS", "last"),
    "after with before": ({"after": "x", "before": "y"}, "PAGE_ARGUMENTS", "before"),
    "after with last": ({"after": "x", "last": 1}, "PAGE_ARGUMENTS", "last"),
    "before with first": ({"before": "x", "first": 1}, "PAGE_ARGUMENTS", "first"),
    "before alone": ({"before": "x"}, "PAGE_ARGUMENTS", "before"),
    "none": ({"first": 0}, "PAGE_SIZE", "first"),
    "less than none": ({"first": -1}, "PAGE_SIZE", "first"),
    "one too many": ({"first": 101}, "PAGE_SIZE", "first"),
    "one too many backwards": ({"last": 101}, "PAGE_SIZE", "last"),
    "none backwards": ({"last": 0}, "PAGE_SIZE", "last"),
}
TAKEN = {
    "nothing": ({}, PageRequest(25)),
    "the most": ({"first": 100}, PageRequest(100)),
    "one after": ({"first": 1, "after": "x"}, PageRequest(1, "x")),
    "after alone": ({"after": "x"}, PageRequest(25, "x")),
    "backwards": ({"last": 3, "before": "x"}, PageRequest(3, "x", backward=True)),
    "from the end": ({"last": 3}, PageRequest(3, backward=True)),
}


@pytest.mark.parametrize(("given", "reason", "argument"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_arguments_name_reason_and_argument(given, reason, argument):
    """A page nobody can mean would be answered with some page."""
    with pytest.raises(InputError) as caught:
        build_page_request(ConnectionArgs(**given), 25, 100)

    assert (reason, (argument,)) == (caught.value.reason, caught.value.path)
    assert caught.value.hint


@pytest.mark.parametrize(("given", "expected"), TAKEN.values(), ids=TAKEN.keys())
def test_taken_arguments(given, expected):
    """A sound page request would be refused, or read in the wrong direction."""
    assert expected == build_page_request(ConnectionArgs(**given), 25, 100)


def test_a_reversed_page_swaps_its_sides():
    """A page read backwards would point forwards with its start cursor."""
    page: ConnectionRecord[Any] = ConnectionRecord(has_next_page=True, resume="b")
    back = page.reversed()

    assert (page.start_cursor, page.end_cursor) == (None, "b")
    assert (back.start_cursor, back.end_cursor) == ("b", None)
    assert (back.has_previous_page, back.has_next_page) == (True, False)
    assert back.reversed() == page


def test_the_records_of_a_page_are_made_once_for_all_its_edges():
    """Each edge would make its own record anew, out of all columns, in time that grows faster than the page does."""
    ids = ["1", "2", "3"]
    table = Table(ListRecord, build_maker(ListRecord, ("id", "source")), {"id": ids}, {"source": "shop"}, len(ids))
    positions = [Position((id_,)) for id_ in ids]
    writer = CursorWriter(CursorScope("lists"), "shop", backward=False, tail=False, owed=())
    edges = Edges(table[:2], positions[:2], writer)

    shown = list(edges)

    assert [(edge.node.id, edge.position) for edge in shown] == [("1", positions[0]), ("2", positions[1])]
    assert all(edge.node is node for edge, node in zip(shown, edges.nodes, strict=True))
