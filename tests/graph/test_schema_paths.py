"""
The whole document is reachable: each JSON field of the resources read so far, at its place in the schema.

Every row is read from the sandbox twice, as the vendor sends it and through the graph.
"""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

from adapters.contract import SandboxParts
from adapters.records import Entity
from adapters.vendors.taguchi_v4 import wire
from resolvers.ids import encode_id
from tests.graph.sandbox_asking import SOURCE, Asking, fetch_rows, open_source

Row = dict[str, Any]
Path = tuple[str, str, str, str]

SUBSCRIBER = "Subscriber Resource, Common Fields"
CUSTOM = "Subscriber Resource, Custom Fields"
MEMBERSHIP = "Subscriber Resource, List Memberships"
LIST = "List Resource, Common Fields"
CAMPAIGN = "Campaign Resource, Common Fields"
ACTIVITY = "Activity Resource, Common Fields"
REVISION = "Activity Resource, Revisions"
TEMPLATE = "Template Resource, Common Fields"
LAYOUT = "Template Resource, Revisions"
IMPORT = "Import Resource, Common Fields"
VIEW = "View Resource, Common Fields"
EVENT = "Event Resource, Common Fields"

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
    (SUBSCRIBER, "import_id", "importId", "id"),
    (SUBSCRIBER, "import_id", "import.vendorId", "import"),
    (SUBSCRIBER, "cluster_id", "taguchi.clusterId", "id"),
    (SUBSCRIBER, "social_rating", "taguchi.socialRating", "text"),
    (SUBSCRIBER, "social_profile", "taguchi.socialProfile", "text"),
    (CUSTOM, "custom_fields[].field", "customFields.key", "text"),
    (CUSTOM, "custom_fields[].data", "customFields.value", "text"),
    (MEMBERSHIP, "lists[].list_id", "memberships.listId", "id"),
    (MEMBERSHIP, "lists[].list_id", "memberships.list.vendorId", "list"),
    (MEMBERSHIP, "lists[].import_id", "memberships.importId", "id"),
    (MEMBERSHIP, "lists[].import_id", "memberships.import.vendorId", "import"),
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
    (CAMPAIGN, "success_event_ref", "successEvent.ref", "text"),
    (CAMPAIGN, "status", "status", "text"),
    (CAMPAIGN, "data", "taguchi.data", "text"),
    (CAMPAIGN, "organization_id", "taguchi.organizationId", "id"),
    (ACTIVITY, "id", "vendorId", "id"),
    (ACTIVITY, "ref", "ref", "text"),
    (ACTIVITY, "name", "name", "text"),
    (ACTIVITY, "type", "type", "text"),
    (ACTIVITY, "subtype", "subtype", "text"),
    (ACTIVITY, "status", "status", "text"),
    (ACTIVITY, "target_lists", "taguchi.targetLists", "text"),
    (ACTIVITY, "target_lists", "targetLists.vendorId", "lists"),
    (ACTIVITY, "target_views", "taguchi.targetViews", "text"),
    (ACTIVITY, "target_views", "targetViews.vendorId", "views"),
    (ACTIVITY, "approval_status", "approvalStatus", "text"),
    (ACTIVITY, "date", "scheduledAt", "time"),
    (ACTIVITY, "throttle", "throttle", "text"),
    (ACTIVITY, "data", "taguchi.data", "text"),
    (ACTIVITY, "organization_id", "taguchi.organizationId", "id"),
    (ACTIVITY, "campaign_id", "campaignId", "id"),
    (ACTIVITY, "campaign_id", "campaign.vendorId", "campaign"),
    (ACTIVITY, "template_id", "templateId", "id"),
    (ACTIVITY, "template_id", "template.vendorId", "template"),
    (REVISION, "revisions[].id", "revisions(which: HISTORY).vendorId", "id"),
    (REVISION, "revisions[].content", "revisions(which: HISTORY).content", "text"),
    (REVISION, "revisions[].template_revision_id", "revisions(which: HISTORY).templateRevisionId", "id"),
    (REVISION, "revisions[].combinations", "revisions(which: HISTORY).combinations.vendorId", "combinations"),
    (REVISION, "revisions[].combinations", "revisions(which: HISTORY).combinations.fragmentIds", "fragments"),
    (REVISION, "revisions[].approval_status", "revisions(which: HISTORY).approvalStatus", "text"),
    (REVISION, "revisions[].timestamp", "revisions(which: HISTORY).createdAt", "time"),
    (TEMPLATE, "id", "vendorId", "id"),
    (TEMPLATE, "ref", "ref", "text"),
    (TEMPLATE, "name", "name", "text"),
    (TEMPLATE, "type", "type", "text"),
    (TEMPLATE, "subtype", "subtype", "text"),
    (TEMPLATE, "status", "status", "text"),
    (TEMPLATE, "data", "taguchi.data", "text"),
    (TEMPLATE, "organization_id", "taguchi.organizationId", "id"),
    (LAYOUT, "revisions[].id", "revisions(which: HISTORY).vendorId", "id"),
    (LAYOUT, "revisions[].content", "revisions(which: HISTORY).content", "text"),
    (LAYOUT, "revisions[].format", "revisions(which: HISTORY).format", "text"),
    (LAYOUT, "revisions[].timestamp", "revisions(which: HISTORY).createdAt", "time"),
    (IMPORT, "id", "vendorId", "id"),
    (IMPORT, "ref", "ref", "text"),
    (IMPORT, "name", "name", "text"),
    (IMPORT, "source", "origin", "text"),
    (IMPORT, "timestamp", "startedAt", "time"),
    (IMPORT, "manifest", "taguchi.manifest", "manifest"),
    (IMPORT, "manifest", "manifest.sources.href", "href"),
    (IMPORT, "status", "status", "text"),
    (IMPORT, "params", "taguchi.params", "text"),
    (IMPORT, "organization_id", "taguchi.organizationId", "id"),
    (IMPORT, "total", "total", "text"),
    (IMPORT, "invalid", "invalid", "text"),
    (IMPORT, "bounced", "bounced", "text"),
    (IMPORT, "global_new", "globalNew", "text"),
    (IMPORT, "list_new", "listNew", "text"),
    (VIEW, "id", "vendorId", "id"),
    (VIEW, "ref", "ref", "text"),
    (VIEW, "name", "name", "text"),
    (VIEW, "predicate", "predicate", "text"),
    (VIEW, "status", "status", "text"),
    (VIEW, "organization_id", "taguchi.organizationId", "id"),
    (EVENT, "ref", "vendorId", "text"),
    (EVENT, "ref", "ref", "text"),
    (EVENT, "name", "name", "text"),
    (EVENT, "description", "description", "text"),
    (EVENT, "priority", "priority", "text"),
]

RESOURCES = {
    SUBSCRIBER: Entity.SUBSCRIBER,
    CUSTOM: Entity.SUBSCRIBER,
    MEMBERSHIP: Entity.SUBSCRIBER,
    LIST: Entity.LIST,
    CAMPAIGN: Entity.CAMPAIGN,
    ACTIVITY: Entity.ACTIVITY,
    REVISION: Entity.ACTIVITY,
    TEMPLATE: Entity.TEMPLATE,
    LAYOUT: Entity.TEMPLATE,
    IMPORT: Entity.IMPORT,
    VIEW: Entity.VIEW,
    EVENT: Entity.EVENT_TYPE,
}
WORDS = {Entity.EVENT_TYPE: "event"}
LOOKUPS = {Entity.EVENT_TYPE: "eventType"}
INNER = {"lists", "custom_fields", "revisions"}
"""Fields that are lists of objects; what stands in those has rows of its own above."""


@pytest.fixture(scope="module")
def rows(parts: SandboxParts) -> dict[Entity, list[Row]]:
    async def fetch() -> dict[Entity, list[Row]]:
        entities = sorted(set(RESOURCES.values()))
        return {entity: await fetch_rows(parts, WORDS.get(entity, entity), revisions="history") for entity in entities}

    return asyncio.run(fetch())


def read_wire(row: Row, name: str) -> list[Any]:
    """The values of a JSON field in a row: one, or one for each element of a list (`lists[].option`)."""
    listed, _, inner = name.partition("[].")
    return [element[inner] for element in row[listed]] if inner else [row[name]]


def is_telling(value: Any) -> bool:
    """Whether a wire value would be missed: not null, and no list of nothing."""
    return value is not None and value not in ("[]", [])


def to_graph(value: Any, kind: str, rows: dict[Entity, list[Row]]) -> list[Any]:
    """A wire value as the graph shows it; a reference to a record that the vendor hides leads nowhere."""
    if value is None:
        return ["ACTIVE" if kind == "state" else None]
    if kind in {"list", "campaign", "template", "import"}:
        return refer([value], Entity(kind), rows)
    if kind in {"lists", "views"}:
        return refer(json.loads(value), Entity(kind.removesuffix("s")), rows)
    return SHOWN[kind](value)


SHOWN: dict[str, Callable[[Any], list[Any]]] = {
    "text": lambda value: [value],
    "id": lambda value: [str(value)],
    "time": lambda value: [f"{value}Z"],
    "state": lambda _value: ["LEFT"],
    "combinations": lambda value: [str(each["id"]) for each in value],
    "fragments": lambda value: [fragment for each in value for fragment in each["fragment_ids"].split("|")],
    "manifest": lambda value: [hide(value)],
    "href": lambda value: [hide(found) for found in re.findall(r'href="([^"]*)"', value)],
}


def refer(ids: list[Any], entity: Entity, rows: dict[Entity, list[Row]]) -> list[str | None]:
    """The ids of records that are there."""
    held = {row["id"] for row in rows[entity]}
    return [str(id_) if id_ in held else None for id_ in ids]


def hide(text: str) -> str:
    """A text as everybody may see it, for the passwords this sandbox makes up."""
    return re.sub(r"//[^/@]+@", "//REDACTED@", text)


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


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path[1]} at {path[2]} of {RESOURCES[path[0]]}")
async def test_each_field_of_the_document_is_read_at_its_path(
    path: Path, parts: SandboxParts, rows: dict[Entity, list[Row]]
) -> None:
    """Broken, something the vendor tells of a record would be lost, or shown as something else."""
    section, field, place, kind = path
    entity = RESOURCES[section]
    row = next(row for row in rows[entity] if any(map(is_telling, read_wire(row, field))))
    expected = [each for value in read_wire(row, field) for each in to_graph(value, kind, rows)]

    asking = Asking({SOURCE: open_source(parts)})
    key = row["ref"] if entity is Entity.EVENT_TYPE else str(row["id"])
    name = LOOKUPS.get(entity, entity.value)
    data = await asking.ask(build_query(name, place), id=encode_id(SOURCE, entity, (key,)))

    assert read_graph(data[name], [part.partition("(")[0] for part in place.split(".")]) == expected


@pytest.mark.parametrize(
    ("section", "declared"),
    [
        (SUBSCRIBER, wire.WireSubscriber),
        (CUSTOM, wire.WireCustomField),
        (MEMBERSHIP, wire.WireMembership),
        (LIST, wire.WireList),
        (CAMPAIGN, wire.WireCampaign),
        (ACTIVITY, wire.WireActivity),
        (REVISION, wire.WireActivityRevision),
        (TEMPLATE, wire.WireTemplate),
        (LAYOUT, wire.WireTemplateRevision),
        (IMPORT, wire.WireImport),
        (VIEW, wire.WireView),
        (EVENT, wire.WireEventType),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_table_of_paths_is_complete(section: str, declared: type, rows: dict[Entity, list[Row]]) -> None:
    """Broken, a field that the document has, or the sandbox sends, would have no place in the graph."""
    told = {field.rpartition("[].")[2] for at, field, _, _ in PATHS if at == section}
    common = "Common Fields" in section

    assert set(get_type_hints(declared)) - (INNER if common else set()) == told
    if common:
        sent = {key for row in rows[RESOURCES[section]] for key in row}
        assert sent - INNER == told
