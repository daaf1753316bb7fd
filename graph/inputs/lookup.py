"""Look-ups: the one value a single record is found by."""

from collections.abc import Mapping

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from graph.types.description import described

ID = "The record's id in this graph, as its `id` says."
REF = "Your own key for the record."
VENDOR_ID = "The vendor's own id; with it, name the `source` too."


@described(strawberry.input, one_of=True)
class SubscriberBy:
    """What a person is found by: exactly one of these. Values are compared as the vendor keeps them."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)
    email: str | None = strawberry.field(description="The e-mail address.", default=strawberry.UNSET)
    phone: str | None = strawberry.field(description="The landline number.", default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class SubscriberListBy:
    """What a list is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class CampaignBy:
    """What a campaign is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class ActivityBy:
    """What an activity is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class TemplateBy:
    """What a template is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class SubscriberImportBy:
    """What an import is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class SubscriberViewBy:
    """What a view is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class EventTypeBy:
    """What a type of event is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(
        description="The reference under which events of the type are logged.", default=strawberry.UNSET
    )


@described(strawberry.input, one_of=True)
class AudienceBy:
    """What an audience is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)
    vendor_id: strawberry.ID | None = strawberry.field(description=VENDOR_ID, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class PartitionBy:
    """What a partition is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    ref: str | None = strawberry.field(description=REF, default=strawberry.UNSET)
    vendor_id: strawberry.ID | None = strawberry.field(description=VENDOR_ID, default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class MessageBy:
    """What a message is found by: exactly one of these."""

    id: strawberry.ID | None = strawberry.field(description=ID, default=strawberry.UNSET)
    vendor_id: strawberry.ID | None = strawberry.field(description=VENDOR_ID, default=strawberry.UNSET)


def _to_pair(_cls: type, value: Mapping[str, str], _context: InputContext) -> tuple[str, str]:
    (pair,) = value.items()
    return pair


for _lookup in (
    SubscriberBy,
    SubscriberListBy,
    CampaignBy,
    ActivityBy,
    TemplateBy,
    SubscriberImportBy,
    SubscriberViewBy,
    EventTypeBy,
    AudienceBy,
    PartitionBy,
    MessageBy,
):
    get_object_definition(_lookup, strict=True).from_input = _to_pair
