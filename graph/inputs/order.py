"""Orders: by one column, then by id."""

from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from typing import Any, Final

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from adapters.filters.fields import FIELDS, Kind
from adapters.filters.order import Order
from adapters.records import Entity
from graph.inputs.activity_filter import ActivityFilter
from graph.inputs.audience_filter import AudienceFilter
from graph.inputs.campaign_filter import CampaignFilter
from graph.inputs.condition import graphql_name, list_fields
from graph.inputs.event_type_filter import EventTypeFilter
from graph.inputs.extension_filter import build_extension_filter, is_filterable
from graph.inputs.feed_event_filter import FeedEventFilter
from graph.inputs.subscriber_filter import SubscriberFilter
from graph.inputs.subscriber_import_filter import SubscriberImportFilter
from graph.inputs.subscriber_list_filter import SubscriberListFilter
from graph.inputs.subscriber_view_filter import SubscriberViewFilter
from graph.inputs.template_filter import TemplateFilter
from graph.inputs.unsubscribe_filter import UnsubscribeFilter
from graph.types.enums import describe_enum
from graph.types.extension import list_extensions


class OrderDirection(StrEnum):
    """Which end of an order comes first."""

    ASC = "ASC"
    DESC = "DESC"


describe_enum(
    OrderDirection,
    "OrderDirection",
    "Which end of an order comes first.",
    {
        "ASC": "Smallest or earliest first; records without a value last.",
        "DESC": "The exact reverse of ASC: records without a value first.",
    },
)

Column = tuple[str, str, str]
"""A sortable column: its GraphQL word, the record's field, and what it is."""


def list_columns(entity: Entity, filter_type: type) -> Iterator[Column]:
    """List the columns of a kind of record: what can be compared can be sorted by, if the source can."""
    for field in list_fields(filter_type):
        spec = FIELDS[entity].get(field.python_name)
        if spec is not None and spec.kind is not Kind.ELEMENT and not spec.keyed:
            yield to_word(graphql_name(field)), spec.name, field.description or ""
    for extension in filter(is_filterable, list_extensions(entity)):
        for field in list_fields(build_extension_filter(extension)):
            name = f"{extension.word}.{field.python_name}"
            yield to_word(f"{extension.word}_{graphql_name(field)}"), name, field.description or ""


def to_word(name: str) -> str:
    """Return a name as an enumeration writes it: `firstName` as `FIRST_NAME`."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).upper()


def build_order(name: str, entity: Entity, filter_type: type, description: str) -> Any:
    """Build the order input of a kind of record and the enumeration of its columns."""
    columns = list(list_columns(entity, filter_type))
    words = Enum(f"{name}Field", {word: field for word, field, _ in columns})  # type: ignore[misc] # read off a table
    described = {word: text for word, _, text in columns}
    describe_enum(words, f"{name}Field", "What to sort by. A source refuses the columns it cannot sort by.", described)
    body = {
        "__annotations__": {"field": words, "direction": OrderDirection},
        "field": strawberry.field(description="What to sort by; records that tie stand in the order of their ids."),
        "direction": strawberry.field(description="Which end comes first.", default=OrderDirection.ASC),
    }
    made = strawberry.input(type(name, (), body), description=description)
    get_object_definition(made, strict=True).from_input = to_order
    return made


def to_order(_cls: type, value: Mapping[str, Any], _context: InputContext) -> Order:
    """Return the order a client gave."""
    return Order(value["field"].value, descending=value["direction"] is OrderDirection.DESC)


SubscriberOrder: Final = build_order(
    "SubscriberOrder", Entity.SUBSCRIBER, SubscriberFilter, "The order of a page of people, who then stand by id."
)
SubscriberListOrder: Final = build_order(
    "SubscriberListOrder", Entity.LIST, SubscriberListFilter, "The order of a page of lists, which then stand by id."
)
CampaignOrder: Final = build_order(
    "CampaignOrder", Entity.CAMPAIGN, CampaignFilter, "The order of a page of campaigns, which then stand by id."
)
ActivityOrder: Final = build_order(
    "ActivityOrder", Entity.ACTIVITY, ActivityFilter, "The order of a page of activities, which then stand by id."
)
TemplateOrder: Final = build_order(
    "TemplateOrder", Entity.TEMPLATE, TemplateFilter, "The order of a page of templates, which then stand by id."
)
SubscriberImportOrder: Final = build_order(
    "SubscriberImportOrder",
    Entity.IMPORT,
    SubscriberImportFilter,
    "The order of a page of imports, which then stand by id.",
)
SubscriberViewOrder: Final = build_order(
    "SubscriberViewOrder", Entity.VIEW, SubscriberViewFilter, "The order of a page of views, which then stand by id."
)
EventTypeOrder: Final = build_order(
    "EventTypeOrder",
    Entity.EVENT_TYPE,
    EventTypeFilter,
    "The order of a page of event types, which then stand by their references, as the vendor orders texts.",
)
FeedEventOrder: Final = build_order(
    "FeedEventOrder",
    Entity.FEED_EVENT,
    FeedEventFilter,
    "The order of a page of events, which then stand by id, a logged event before a scheduled one of the same id.",
)
AudienceOrder: Final = build_order(
    "AudienceOrder", Entity.AUDIENCE, AudienceFilter, "The order of a page of audiences, which then stand by id."
)
UnsubscribeOrder: Final = build_order(
    "UnsubscribeOrder",
    Entity.UNSUBSCRIBE,
    UnsubscribeFilter,
    "The order of a page of opt-outs, which otherwise stand as their vendor lists them.",
)
