"""The document's event fields, each at its place in the schema: read from the sandbox as sent and through the graph."""

from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

from adapters.contract import SandboxParts
from adapters.vendors.taguchi_v4.wire import WireFeedEvent
from resolvers.ids import encode_id
from tests.graph.sandbox_asking import SOURCE, Asking, fetch_rows, open_source

CAMPAIGN = "1"
COMMON, LOGGED, SCHEDULED = "Common Fields", "Logged Event Fields", "Scheduled Event Fields"

PATHS: list[tuple[str, str, str, Callable[[Any], Any]]] = [
    (COMMON, "type", "kind", str.upper),
    (COMMON, "id", "vendorId", str),
    (COMMON, "test", "test", bool),
    (COMMON, "parent_id", "parentId", str),
    (COMMON, "event_ref", "eventRef", str),
    (COMMON, "event_ref", "eventType.ref", str),
    (COMMON, "subscriber_id", "subscriberId", str),
    (COMMON, "subscriber_id", "subscriber.vendorId", str),
    (COMMON, "activity_id", "activityId", str),
    (COMMON, "activity_id", "activity.vendorId", str),
    (COMMON, "revision_id", "revisionId", str),
    (COMMON, "revision_id", "revision.vendorId", str),
    (COMMON, "configuration_id", "configurationId", str),
    (COMMON, "campaign_id", "campaignId", str),
    (COMMON, "campaign_id", "campaign.vendorId", str),
    (COMMON, "trackurl_id", "link.vendorId", str),
    (COMMON, "trackurl_index", "link.index", int),
    (COMMON, "trackurl_destination", "link.url", str),
    (COMMON, "data", "data", str),
    (LOGGED, "timestamp", "occurredAt", "{}Z".format),
    (LOGGED, "processed", "processed", bool),
    (SCHEDULED, "oneshot", "oneshot", bool),
    (SCHEDULED, "schedule", "schedule", str),
    (SCHEDULED, "next_timestamp", "nextAt", "{}Z".format),
    (SCHEDULED, "last_timestamp", "lastAt", "{}Z".format),
    (SCHEDULED, "start_timestamp", "startAt", "{}Z".format),
    ("Custom Fields", "custom_fields", "customFields.value", lambda fields: fields[0]["data"]),
]


@pytest.fixture
async def rows(parts: SandboxParts) -> list[dict[str, Any]]:
    return await fetch_rows(parts, f"campaign/{CAMPAIGN}/subject-feed")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path[1]} at {path[2]}")
async def test_each_field_of_the_document_is_read_at_its_path(
    path: tuple[str, str, str, Callable[[Any], Any]], parts: SandboxParts, rows: list[dict[str, Any]]
) -> None:
    """Broken, something the vendor tells of an event would be lost, or shown as something else."""
    _, field, place, show = path
    row = next(row for row in rows if row.get(field))
    *outer, leaf = place.split(".")
    selected = f"{outer[0]} {{ {leaf} }}" if outer else leaf
    key = ("campaign", CAMPAIGN, "subject", row["type"], str(row["id"]))

    data = await Asking({SOURCE: open_source(parts)}).ask(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on FeedEvent {{ {selected} }} }} }}",
        id=encode_id(SOURCE, "feed_event", key),
    )

    found = data["node"]
    for step in (*outer, leaf):
        found = found[step]
        found = found[0] if isinstance(found, list) else found
    assert found == show(row[field])


def test_the_table_of_paths_is_complete() -> None:
    """Broken, a field that the document has would have no place in the graph."""
    assert {field for _, field, _, _ in PATHS} == set(get_type_hints(WireFeedEvent))
