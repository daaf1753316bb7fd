"""Look-ups: the one value a single record is found by."""

from collections.abc import Mapping
from typing import Any, Final

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

WAYS: Final[Mapping[str, tuple[Any, str]]] = {
    "id": (strawberry.ID, "The record's id in this graph, as its `id` says."),
    "ref": (str, "Your own key for the record."),
    "email": (str, "The e-mail address."),
    "phone": (str, "The landline number, letter by letter as the vendor keeps it; `person` finds it however written."),
    "vendor_id": (strawberry.ID, "The vendor's own id; with it, name the `source` too."),
}
"""What records are found by: the type of each value, and what it is."""


def build_lookup(name: str, description: str, *ways: str, **described: str) -> Any:
    """Build the input of a look-up, which arrives as a pair of a way and a value; `described` says a way otherwise."""
    body: dict[str, Any] = {
        way: strawberry.field(description=described.get(way, WAYS[way][1]), default=strawberry.UNSET) for way in ways
    }
    body["__annotations__"] = {way: WAYS[way][0] | None for way in ways}
    made = strawberry.input(type(name, (), body), description=description, one_of=True)
    get_object_definition(made, strict=True).from_input = _to_pair
    return made


def _to_pair(_cls: type, value: Mapping[str, str], _context: InputContext) -> tuple[str, str]:
    (pair,) = value.items()
    return pair


SubscriberBy: Final = build_lookup(
    "SubscriberBy",
    "What a person is found by: exactly one of these. Values are compared as the vendor keeps them.",
    "id",
    "ref",
    "email",
    "phone",
    "vendor_id",
)
SubscriberListBy: Final = build_lookup(
    "SubscriberListBy", "What a list is found by: exactly one of these.", "id", "ref"
)
CampaignBy: Final = build_lookup("CampaignBy", "What a campaign is found by: exactly one of these.", "id", "ref")
ActivityBy: Final = build_lookup("ActivityBy", "What an activity is found by: exactly one of these.", "id", "ref")
TemplateBy: Final = build_lookup("TemplateBy", "What a template is found by: exactly one of these.", "id", "ref")
SubscriberImportBy: Final = build_lookup(
    "SubscriberImportBy", "What an import is found by: exactly one of these.", "id", "ref"
)
SubscriberViewBy: Final = build_lookup(
    "SubscriberViewBy", "What a view is found by: exactly one of these.", "id", "ref"
)
EventTypeBy: Final = build_lookup(
    "EventTypeBy",
    "What a type of event is found by: exactly one of these.",
    "id",
    "ref",
    ref="The reference under which events of the type are logged.",
)
AudienceBy: Final = build_lookup(
    "AudienceBy", "What an audience is found by: exactly one of these.", "id", "ref", "vendor_id"
)
PartitionBy: Final = build_lookup(
    "PartitionBy", "What a partition is found by: exactly one of these.", "id", "ref", "vendor_id"
)
MessageBy: Final = build_lookup("MessageBy", "What a message is found by: exactly one of these.", "id", "vendor_id")
