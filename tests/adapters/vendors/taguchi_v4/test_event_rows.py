"""Rows of event feeds to records: every field arrives, and what is not of its type is refused."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from adapters.records import CustomFieldRecord, Entity, EventKind, FeedEventRecord, FeedKey, FeedSide
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.event_rows import to_feed_event
from adapters.vendors.taguchi_v4.values import UnreadableError
from adapters.vendors.taguchi_v4.wire import WireFeedEvent

EXAMPLE = Path(__file__).with_name("examples") / "event-feed.json"
FEED = FeedKey(Entity.SUBSCRIBER, "1", FeedSide.SUBJECT)


def at(hour: int) -> datetime:
    """A time of the example's."""
    return datetime(2010, 4, 10, hour, 33, 10, tzinfo=UTC)


def test_the_documents_example_is_read() -> None:
    """A field of the document that does not arrive would be lost for every event."""
    logged, scheduled = (to_feed_event("retail", row, FEED) for row in json.loads(EXAMPLE.read_text()))

    shared: dict[str, Any] = {"source": "retail", "feed": FEED, "test": True, "subscriber_id": "1", "activity_id": "5"}
    shared |= {"revision_id": "4", "configuration_id": "8", "campaign_id": "2"}
    assert logged == FeedEventRecord(
        **shared,
        kind=EventKind.LOGGED,
        id="123",
        parent_id="15",
        event_ref="c",
        link_id="345",
        link_index=5,
        link_url="http://www.example.org/",
        data="1234",
        occurred_at=at(4),
        processed=True,
        custom_fields=(CustomFieldRecord(key="ip", value="192.168.1.1"),),
    )
    assert scheduled == FeedEventRecord(
        **shared,
        kind=EventKind.SCHEDULED,
        id="1",
        parent_id="123",
        event_ref="s",
        data="1",
        oneshot=True,
        next_at=at(5),
        start_at=at(4),
        custom_fields=(CustomFieldRecord(key="reason", value="opt-in"),),
    )


def test_every_scalar_of_the_document_can_be_asked_for() -> None:
    """A column left out could be neither filtered nor ordered by."""
    wires = {column.wire for column in COLUMNS[Entity.FEED_EVENT].values()}

    assert wires == set(get_type_hints(WireFeedEvent)) - {"custom_fields"}


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"type": "planned"},
        {"type": 1},
        {"id": None},
        {"id": "x"},
        {"id": -1},
        {"id": 1.5},
        {"id": 1e19},
        {"test": "yes"},
        {"processed": 1},
        {"oneshot": "true"},
        {"parent_id": "x"},
        {"timestamp": "yesterday"},
        {"timestamp": 5},
        {"trackurl_index": "first"},
        {"trackurl_destination": ["x"]},
        {"data": {}},
        {"custom_fields": {}},
        {"custom_fields": [{"data": "x"}]},
    ],
    ids=str,
)
def test_values_of_another_type_are_refused(change: dict[str, Any]) -> None:
    """A guess at what a vendor means would be shown as what happened."""
    row, _ = json.loads(EXAMPLE.read_text())

    with pytest.raises(UnreadableError):
        to_feed_event("retail", row | change, FEED)


def test_missing_and_unknown_keys_are_no_error() -> None:
    """Vendors add keys, and leave out those without a value."""
    event = to_feed_event("retail", {"type": "logged", "id": 2**63 - 1, "colour": "red"}, FEED)

    assert (event.id, event.test, event.custom_fields) == (str(2**63 - 1), None, ())
