"""What every record has in common: an id that finds it again from anywhere."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

import strawberry
from graphql import GraphQLResolveInfo

from adapters.records import CampaignRecord, Entity, ListRecord, SubscriberRecord
from graph.types.description import described
from graph.types.extension import add_extensions
from graph.types.relation import local
from resolvers.ids import encode_id

T = TypeVar("T", bound=type)

SOURCE_ID: Final = "The source this record comes from, as it is named in the facade's settings."
REF: Final = "Your own key for the record, where you gave it one."

RECORD_TYPES: Final[Mapping[type, tuple[Entity, str]]] = {
    SubscriberRecord: (Entity.SUBSCRIBER, "Subscriber"),
    ListRecord: (Entity.LIST, "SubscriberList"),
    CampaignRecord: (Entity.CAMPAIGN, "Campaign"),
}
"""The kind and the GraphQL type of each class of record."""


def to_node_id(record: Any) -> str:
    """Return the global id of a record."""
    entity, _ = RECORD_TYPES[type(record)]
    return encode_id(record.source, entity, (record.id,))


@described(strawberry.interface)
class Node:
    """A record that `node` finds again by its id."""

    node_id: strawberry.ID = local(
        to_node_id, "The record's id in this graph: opaque, unique over all sources and types.", name="id"
    )

    @classmethod
    def resolve_type(cls, record: object, _info: GraphQLResolveInfo[Any], _abstract: object) -> str:
        """Tell the GraphQL type of a record."""
        return RECORD_TYPES[type(record)][1]


def node_type(record: type) -> Callable[[T], T]:
    """Make a class the GraphQL type of a record: an entity other graphs can refer to, with what only vendors say."""

    def decorate(cls: T) -> T:
        cls.is_type_of = staticmethod(partial(_is_a, record))  # type: ignore[attr-defined] # read by Strawberry
        add_extensions(cls, RECORD_TYPES[record][0])
        return described(strawberry.federation.type, keys=["sourceId vendorId"])(cls)

    return decorate


def _is_a(record_class: type, record: object, _info: GraphQLResolveInfo[Any]) -> bool:
    return isinstance(record, record_class)
