"""Partitions."""

import strawberry

from adapters.records import PartitionRecord
from graph.types.custom_field import CustomField, resolve_custom_fields
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain


@node_type(PartitionRecord)
class Partition(Node):
    """A part that an account is divided into, such as a shop or a region."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the partition, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    name: str | None = plain("The partition's name.")
    custom_fields: list[CustomField] = strawberry.field(
        resolver=resolve_custom_fields, description="Whatever else the vendor tells of it."
    )
