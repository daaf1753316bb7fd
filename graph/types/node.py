"""What every record has in common: an id that finds it again from anywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import strawberry
from graphql import GraphQLResolveInfo

from adapters.records import (
    ActivityRecord,
    ActivityRevisionRecord,
    AudienceRecord,
    CampaignRecord,
    Entity,
    EventTypeRecord,
    FeedEventRecord,
    ImportRecord,
    ListRecord,
    MessageRecord,
    PartitionRecord,
    Record,
    SubscriberRecord,
    TemplateRecord,
    TemplateRevisionRecord,
    ViewRecord,
)
from graph.types.description import described
from graph.types.extension import add_extensions
from graph.types.relation import local
from resolvers.events import build_key_path
from resolvers.ids import ACTIVITY_REVISION, TEMPLATE_REVISION, encode_id

T = TypeVar("T", bound=type)

SOURCE_ID: Final = "The source this record comes from, as it is named in the facade's settings."
REF: Final = "Your own key for the record, where you gave it one."


@dataclass(frozen=True, slots=True)
class NodeKind:
    """What a class of record is in the graph: its type in ids, its GraphQL type, and its key path at the vendor."""

    word: str
    type_name: str
    key_path: Callable[[Any], tuple[str, ...]] = lambda record: (record.id,)


NODE_KINDS: Final[Mapping[type, NodeKind]] = {
    SubscriberRecord: NodeKind(Entity.SUBSCRIBER, "Subscriber"),
    ListRecord: NodeKind(Entity.LIST, "SubscriberList"),
    CampaignRecord: NodeKind(Entity.CAMPAIGN, "Campaign"),
    ActivityRecord: NodeKind(Entity.ACTIVITY, "Activity"),
    ActivityRevisionRecord: NodeKind(
        ACTIVITY_REVISION, "ActivityRevision", lambda revision: (revision.activity_id, revision.id)
    ),
    TemplateRecord: NodeKind(Entity.TEMPLATE, "Template"),
    TemplateRevisionRecord: NodeKind(
        TEMPLATE_REVISION, "TemplateRevision", lambda revision: (revision.template_id, revision.id)
    ),
    ImportRecord: NodeKind(Entity.IMPORT, "SubscriberImport"),
    ViewRecord: NodeKind(Entity.VIEW, "SubscriberView"),
    EventTypeRecord: NodeKind(Entity.EVENT_TYPE, "EventType"),
    FeedEventRecord: NodeKind(Entity.FEED_EVENT, "FeedEvent", build_key_path),
    AudienceRecord: NodeKind(Entity.AUDIENCE, "Audience"),
    PartitionRecord: NodeKind(Entity.PARTITION, "Partition"),
    MessageRecord: NodeKind(Entity.MESSAGE, "Message"),
}
"""The place of each class of record in the graph."""


def to_node_id(record: Any) -> str:
    """Return the global id of a record."""
    kind = NODE_KINDS[type(record)]
    return encode_id(record.source, kind.word, kind.key_path(record))


@described(strawberry.interface)
class Node:
    """A record that `node` finds again by its id."""

    node_id: strawberry.ID = local(
        to_node_id, "The record's id in this graph: opaque, unique over all sources and types.", name="id"
    )

    @classmethod
    def resolve_type(cls, record: object, _info: GraphQLResolveInfo[Any], _abstract: object) -> str:
        """Tell the GraphQL type of a record."""
        return NODE_KINDS[type(record)].type_name


def node_type(record: type[Record]) -> Callable[[T], T]:
    """Make a class the GraphQL type of a record: an entity other graphs can refer to, with what only vendors say."""

    def decorate(cls: T) -> T:
        add_extensions(cls, record.entity)
        return described(strawberry.federation.type, keys=["sourceId vendorId"])(_mark(cls, record))

    return decorate


def listed_type(record: type[Record]) -> Callable[[T], T]:
    """Make a class the GraphQL type of a record that is only ever listed, with what only vendors say of it."""

    def decorate(cls: T) -> T:
        add_extensions(cls, record.entity)
        return described(strawberry.type)(_mark(cls, record))

    return decorate


def part_type(record: type) -> Callable[[T], T]:
    """Make a class the GraphQL type of a part of a record; the vendor's own id is no key without the record's."""

    def decorate(cls: T) -> T:
        return described(strawberry.type)(_mark(cls, record))

    return decorate


def _mark(cls: T, record: type) -> T:
    cls.is_type_of = staticmethod(partial(_is_a, record))  # type: ignore[attr-defined] # read by Strawberry
    return cls


def _is_a(record_class: type, record: object, _info: GraphQLResolveInfo[Any]) -> bool:
    return isinstance(record, record_class)
