"""Fields read off columns say what their resolvers say of each record."""

from typing import Any

import pytest

from adapters.errors import IdError
from adapters.records import ActivityRevisionRecord, MembershipRecord, SubscriberRecord
from adapters.records.tables import Table
from graph.types.column_readers import COLUMN_READERS
from graph.types.enums import MemberState
from graph.types.node import to_node_id
from graph.types.subscriber import resolve_memberships


def _build(kind: type[Any], **columns: list[Any]) -> Table[Any]:
    def make(*values: Any) -> Any:
        return kind(**dict(zip((*columns, "source"), values, strict=True)))

    return Table(kind, make, dict(columns), {"source": "shop"}, len(columns["id"]))


@pytest.mark.parametrize("state", MemberState)
def test_memberships_are_those_of_the_state_that_is_asked_for(state: MemberState) -> None:
    """Lists that a person has left would show among those they are on."""
    places = tuple(MembershipRecord(source="shop", list_id=str(left), left=left) for left in (False, True))
    people = _build(SubscriberRecord, id=["1", "2"], memberships=[places, ()])

    column = COLUMN_READERS[resolve_memberships](people, state=state)
    expected = [resolve_memberships(person, state) for person in people]

    assert len(expected[0]) == (2 if state is MemberState.ANY else 1)
    assert column is None or list(column) == expected
    assert (column is None) == (state is not MemberState.ANY)


@pytest.mark.parametrize(
    "table",
    [
        _build(SubscriberRecord, id=["1", "2"]),
        _build(ActivityRevisionRecord, id=["1", "1"], activity_id=["7", "8"]),
    ],
    ids=["one part", "two parts"],
)
def test_ids_are_those_of_each_record(table: Table[Any]) -> None:
    """Two records would have one id in the graph, or one that finds nothing."""
    column = COLUMN_READERS[to_node_id](table)

    assert column is None or list(column) == [to_node_id(record) for record in table]


def test_an_id_that_cannot_be_written_fails_its_own_record_alone() -> None:
    """One strange record would take the ids of all others on its page along."""
    table = _build(SubscriberRecord, id=["1", ""])

    assert COLUMN_READERS[to_node_id](table) is None
    with pytest.raises(IdError):
        to_node_id(table[1])
