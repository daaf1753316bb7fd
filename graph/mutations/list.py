"""Lists: made, changed, removed, and written to a file."""

from enum import Enum
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import build_payload, given, mutation, write_input
from graph.mutations.noun import describe_noun
from graph.types.description import described
from graph.types.enums import describe_enum
from graph.types.subscriber_list import SubscriberList


class ExtractOperator(Enum):
    """How a condition of an extract compares, by Taguchi's words."""

    EQ = "eq"
    NEQ = "neq"
    LT = "lt"
    GT = "gt"
    LTE = "lte"
    GTE = "gte"
    RE = "re"
    REI = "rei"
    LIKE = "like"
    IS = "is"
    NT = "nt"


describe_enum(
    ExtractOperator,
    "ExtractOperator",
    "How a condition of an extract compares.",
    {
        "EQ": "The field is the value.",
        "NEQ": "The field is something else than the value.",
        "LT": "Less than the value.",
        "GT": "Greater than the value.",
        "LTE": "Less than the value, or the same.",
        "GTE": "Greater than the value, or the same.",
        "RE": "The field matches a PostgreSQL regular expression.",
        "REI": "The same in any case.",
        "LIKE": "The field matches a text in which `%` is anything and `_` any one letter.",
        "IS": "The field is empty; leave the value out.",
        "NT": "The field is not empty; leave the value out.",
    },
)


@described(strawberry.input)
class ListFieldsInput:
    """What is to be known of a list. What is left out stays as it is; null empties a field."""

    ref: str | None = given("Your own key for the list.")
    name: str | None = given("The list's name, as the vendor's own pages show it.")
    status: str | None = given("The vendor's word for the list's state.")
    data: str | None = given("Taguchi's free text of your own about the list.")


@described(strawberry.input)
class ExtractConditionInput:
    """One condition on the people of an extract."""

    field: str = strawberry.field(description="The vendor's name of the field, as `state` or `unsubscribed`.")
    operator: ExtractOperator = strawberry.field(description="How it compares.")
    value: str | None = given("What it is compared with.")


@write_input
class ExtractListInput:
    """A list whose people are to be written to a file, which Taguchi keeps."""

    id: strawberry.ID = strawberry.field(description="The list's id in this graph.")
    notify_list_id: strawberry.ID | None = given(
        "The vendor's id of the notification list that is told when it is done, which needs the scope `send`; else the "
        "source's user is told."
    )
    recipients_unchecked: bool | None = given(
        "true: the list is told although it is no notification list, so that customers may be on it."
    )
    conditions: list[ExtractConditionInput] | None = given("Which people; all of them hold.")


LISTS: Final = describe_noun(
    "List", "a list", field="list", type_=SubscriberList, entity=Entity.LIST, fields=ListFieldsInput
)
CreateListPayload: Any = LISTS.create_payload
UpdateListPayload: Any = LISTS.update_payload
DeleteListPayload: Any = LISTS.delete_payload
ExtractListPayload: Any = build_payload("ExtractListPayload", "What became of an extract; ACCEPTED: it has begun.")
extract_list: Final = mutation(
    "extractList", "Have Taguchi write a list's people to a file.", input_type=ExtractListInput, entity=Entity.LIST
)
