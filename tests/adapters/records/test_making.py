"""Records that are made by the thousand: as frozen, equal and complete as any others."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from adapters.errors import VendorContractError
from adapters.filters.order import Position
from adapters.records import ListRecord, MembershipRecord, SubscriberRecord
from adapters.records.making import build_maker


class Unread:
    """Reads fields that a record was made without, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, record: Any, row: Mapping[str, Any], name: str) -> Any:
        self.asked.append(name)
        if name not in row:
            what = f"{record.id} has no {name}"
            raise VendorContractError(what, source=record.source, vendor="any", operation="read")
        return row[name]


def make_partly(unread: Unread, **row: Any) -> SubscriberRecord:
    """Make a person of the id alone."""
    record: SubscriberRecord = build_maker(SubscriberRecord, ("source", "id", "rest"))("retail", "7", (unread, row))
    return record


def test_a_record_made_of_some_fields_reads_another_once_when_it_is_asked_for() -> None:
    """A field nobody wanted at first would be missing for whoever does, or be read over and over."""
    unread = Unread()
    record = make_partly(unread, email="a@b.example")

    assert unread.asked == []
    assert [record.email, record.email] == ["a@b.example"] * 2
    assert unread.asked == ["email"]
    assert type(record) is SubscriberRecord


def test_a_field_that_cannot_be_read_says_so_to_whoever_asks() -> None:
    """Half a record would be taken for a person without an address."""
    record = make_partly(Unread())

    with pytest.raises(VendorContractError, match="7 has no email"):
        _ = record.email


def test_a_name_that_is_no_field_stays_an_error() -> None:
    """`hasattr` would say yes to anything."""
    whole = SubscriberRecord(source="retail", id="7")

    with pytest.raises(AttributeError, match="nothing"):
        _ = whole.nothing  # type: ignore[attr-defined] # that is the point
    assert not hasattr(whole, "__await__")


@pytest.mark.parametrize(
    "record",
    [
        SubscriberRecord(source="a", id="1", email="x"),
        MembershipRecord(source="a", list_id="1"),
        ListRecord(source="a", id="1"),
        Position(("1",)),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_quickly_made_record_is_frozen_and_equal_to_its_copy(record: Any) -> None:
    """What many share could be changed by one."""
    name = dataclasses.fields(record)[0].name

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, name, "other")
    assert dataclasses.replace(record) == record
    assert hash(dataclasses.replace(record)) == hash(record)


def test_what_is_left_to_read_is_no_part_of_what_a_record_is() -> None:
    """The same person would differ from itself by how it was asked for."""
    defaults = {field.name: field.default for field in dataclasses.fields(SubscriberRecord)}

    assert make_partly(Unread(), **defaults) == SubscriberRecord(source="retail", id="7")
    assert "rest" not in repr(make_partly(Unread(), **defaults))
