"""Records that are made by the thousand: as frozen, equal and complete as any others."""

import dataclasses
from typing import Any

import pytest

from adapters.filters.order import Position
from adapters.records import ListRecord, MembershipRecord, SubscriberRecord
from adapters.records.making import build_maker

RECORDS = [
    SubscriberRecord(source="a", id="1", email="x"),
    MembershipRecord(source="a", list_id="1"),
    ListRecord(source="a", id="1"),
    Position(("1",)),
]
each_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)


@each_record
def test_a_quickly_made_record_is_frozen_and_equal_to_its_copy(record: Any) -> None:
    """What many share could be changed by one."""
    name = dataclasses.fields(record)[0].name

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, name, "other")
    assert dataclasses.replace(record) == record
    assert hash(dataclasses.replace(record)) == hash(record)


@each_record
def test_a_record_made_of_its_values_is_that_record(record: Any) -> None:
    """Rows would become something else than records."""
    names = tuple(field.name for field in dataclasses.fields(record))

    made = build_maker(type(record), names)(*(getattr(record, name) for name in names))

    assert made == record
    assert type(made) is type(record)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, names[0], "other")
