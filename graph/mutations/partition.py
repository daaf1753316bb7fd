"""Making and changing the partitions of an account."""

from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import SOURCE, build_payload, given, mutation, write_input
from graph.mutations.subscriber import CustomFieldValueInput
from graph.types.partition import Partition


@write_input
class UpsertPartitionInput:
    """A part of an account, such as a shop, to be made, or changed where it is known."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    ref: str | None = given("Your own key for it, where the endpoint knows partitions by that.")
    partition_id: strawberry.ID | None = given(
        "The vendor's number of it, where the endpoint knows partitions by that."
    )
    name: str | None = given("Its name.")
    custom_fields: list[CustomFieldValueInput] | None = given("What else is to be known of it; the rest stays.")


UpsertPartitionPayload: Any = build_payload(
    "UpsertPartitionPayload",
    "What became of making or changing a partition.",
    field="partition",
    type_=Partition,
    entity=Entity.PARTITION,
)

upsert_partition: Final = mutation(
    "upsertPartition",
    "Make a partition of an account, or change the one that is known.",
    input_type=UpsertPartitionInput,
)
