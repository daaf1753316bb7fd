"""
The whole document is reachable: each JSON field of the resources read so far, at its place in the schema.

Every row is read from the sandbox twice, as the vendor sends it and through the graph.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from adapters.contract import SandboxParts
from adapters.records import Entity
from adapters.vendors.taguchi_v4 import wire
from resolvers.ids import encode_id
from tests.graph.sandbox_asking import SOURCE, Asking, build_parts, fetch_rows, open_source

Row = dict[str, Any]
Path = tuple[str, str, str, str]

SUBSCRIBER = "Subscriber Resource, Common Fields"
CUSTOM = "Subscriber Resource, Custom Fields"
MEMBERSHIP = "Subscriber Resource, List Memberships"
LIST = "List Resource, Common Fields"
CAMPAIGN = "Campaign Resource, Common Fields"

PATHS: list[Path] = [
    (SUBSCRIBER, "id", "vendorId", "id"),
    (SUBSCRIBER, "ref", "ref", "text"),
    (SUBSCRIBER, "title", "title", "text"),
    (SUBSCRIBER, "firstname", "firstName", "text"),
    (SUBSCRIBER, "lastname", "lastName", "text"),
    (SUBSCRIBER, "notifications", "taguchi.notifications", "text"),
    (SUBSCRIBER, "extra", "taguchi.extra", "text"),
    (SUBSCRIBER, "phone", "phone", "text"),
    (SUBSCRIBER, "mobile", "mobile", "text"),
    (SUBSCRIBER, "dob", "birthDate", "text"),
    (SUBSCRIBER, "address", "address", "text"),
    (SUBSCRIBER, "address2", "address2", "text"),
    (SUBSCRIBER, "address3", "address3", "text"),
    (SUBSCRIBER, "suburb", "suburb", "text"),
    (SUBSCRIBER, "state", "state", "text"),
    (SUBSCRIBER, "country", "country", "text"),
    (SUBSCRIBER, "postcode", "postcode", "text"),
    (SUBSCRIBER, "gender", "gender", "text"),
    (SUBSCRIBER, "email", "email", "text"),
    (SUBSCRIBER, "unsubscribed", "unsubscribedAt", "time"),
    (SUBSCRIBER, "bounced", "bouncedAt", "time"),
    (SUBSCRIBER, "data", "taguchi.data", "text"),
    (SUBSCRIBER, "organization_id", "taguchi.organizationId", "id"),
    (SUBSCRIBER, "user_class_id", "taguchi.userClassId", "id"),
    (SUBSCRIBER, "campaign_id", "campaignId", "id"),
    (SUBSCRIBER, "campaign_id", "campaign.vendorId", "campaign"),
    (SUBSCRIBER, "import_id", "taguchi.importId", "id"),
    (SUBSCRIBER, "cluster_id", "taguchi.clusterId", "id"),
    (SUBSCRIBER, "social_rating", "taguchi.socialRating", "text"),
    (SUBSCRIBER, "social_profile", "taguchi.socialProfile", "text"),
    (CUSTOM, "custom_fields[].field", "customFields.key", "text"),
    (CUSTOM, "custom_fields[].data", "customFields.value", "text"),
    (MEMBERSHIP, "lists[].list_id", "memberships.listId", "id"),
    (MEMBERSHIP, "lists[].list_id", "memberships.list.vendorId", "list"),
    (MEMBERSHIP, "lists[].import_id", "memberships.importId", "id"),
    (MEMBERSHIP, "lists[].campaign_id", "memberships.campaignId", "id"),
    (MEMBERSHIP, "lists[].campaign_id", "memberships.campaign.vendorId", "campaign"),
    (MEMBERSHIP, "lists[].timestamp", "memberships.joinedAt", "time"),
    (MEMBERSHIP, "lists[].unsubscribed", "memberships.leftAt", "time"),
    (MEMBERSHIP, "lists[].unsubscribed", "memberships.state", "state"),
    (MEMBERSHIP, "lists[].option", "memberships.option", "text"),
    (LIST, "id", "vendorId", "id"),
    (LIST, "ref", "ref", "text"),
    (LIST, "name", "name", "text"),
    (LIST, "timestamp", "createdAt", "time"),
    (LIST, "status", "status", "text"),
    (LIST, "data", "taguchi.data", "text"),
    (LIST, "organization_id", "taguchi.organizationId", "id"),
    (LIST, "type", "taguchi.type", "text"),
    (CAMPAIGN, "id", "vendorId", "id"),
    (CAMPAIGN, "ref", "ref", "text"),
    (CAMPAIGN, "name", "name", "text"),
    (CAMPAIGN, "date", "startsAt", "time"),
    (CAMPAIGN, "success_event_ref", "successEventRef", "text"),
    (CAMPAIGN, "status", "status", "text"),
    (CAMPAIGN, "data", "taguchi.data", "text"),
    (CAMPAIGN, "organization_id", "taguchi.organizationId", "id"),
]

RESOURCES = {
    SUBSCRIBER: ("subscriber", Entity.SUBSCRIBER),
    CUSTOM: ("subscriber", Entity.SUBSCRIBER),
    MEMBERSHIP: ("subscriber", Entity.SUBSCRIBER),
    LIST: ("list", Entity.LIST),
    CAMPAIGN: ("campaign", Entity.CAMPAIGN),
}


@pytest.fixture(scope="module")
def parts() -> Iterator[SandboxParts]:
    yield from build_parts()


@pytest.fixture(scope="module")
def rows(parts: SandboxParts) -> dict[str, list[Row]]:
    async def fetch() -> dict[str, list[Row]]:
        return {name: await fetch_rows(parts, name) for name in ("subscriber", "list", "campaign")}

    return asyncio.run(fetch())


def read_wire(row: Row, name: str) -> list[Any]:
    """The values of a JSON field in a row: one, or one for each element of a list (`lists[].option`)."""
    listed, _, inner = name.partition("[].")
    return [element[inner] for element in row[listed]] if inner else [row[name]]


def to_graph(value: Any, kind: str, rows: dict[str, list[Row]]) -> Any:
    """A wire value as the graph shows it; a reference to a record that the vendor hides leads nowhere."""
    match kind:
        case "state":
            return "ACTIVE" if value is None else "LEFT"
        case "list" | "campaign":
            return str(value) if value in {row["id"] for row in rows[kind]} else None
        case "id":
            return None if value is None else str(value)
        case "time":
            return None if value is None else f"{value}Z"
    return value


def read_graph(value: Any, keys: list[str]) -> list[Any]:
    """The values at a path of an answer, in order; a null on the way is the value."""
    if not keys or value is None:
        return [value]
    found = value[keys[0]]
    elements = found if isinstance(found, list) else [found]
    return [each for element in elements for each in read_graph(element, keys[1:])]


def build_query(name: str, path: str) -> str:
    """A look-up that selects one path."""
    *outer, leaf = path.split(".")
    selected = leaf
    for key in reversed(outer):
        selected = f"{key} {{ {selected} }}"
    return f"query ($id: ID!) {{ {name}(by: {{id: $id}}) {{ {selected} }} }}"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path[1]} at {path[2]}")
async def test_each_field_of_the_document_is_read_at_its_path(
    path: Path, parts: SandboxParts, rows: dict[str, list[Row]]
) -> None:
    """Broken, something the vendor tells of a record would be lost, or shown as something else."""
    section, field, place, kind = path
    resource, entity = RESOURCES[section]
    row = next(row for row in rows[resource] if any(value is not None for value in read_wire(row, field)))
    expected = [to_graph(value, kind, rows) for value in read_wire(row, field)]

    asking = Asking({SOURCE: open_source(parts)})
    data = await asking.ask(build_query(resource, place), id=encode_id(SOURCE, entity, (str(row["id"]),)))

    assert read_graph(data[resource], place.split(".")) == expected


@pytest.mark.parametrize(
    ("section", "declared"),
    [
        (SUBSCRIBER, wire.WireSubscriber),
        (CUSTOM, wire.WireCustomField),
        (MEMBERSHIP, wire.WireMembership),
        (LIST, wire.WireList),
        (CAMPAIGN, wire.WireCampaign),
    ],
    ids=["subscriber", "custom field", "membership", "list", "campaign"],
)
def test_the_table_of_paths_is_complete(section: str, declared: type, rows: dict[str, list[Row]]) -> None:
    """Broken, a field that the document has, or the sandbox sends, would have no place in the graph."""
    told = {field.rpartition("[].")[2] for at, field, _, _ in PATHS if at == section}
    lists = {"lists", "custom_fields"} if section == SUBSCRIBER else set()

    assert set(get_type_hints(declared)) - lists == told
    if "Common Fields" in section:
        sent = {key for row in rows[RESOURCES[section][0]] for key in row}
        assert sent - lists == told
