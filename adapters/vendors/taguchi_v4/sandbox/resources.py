"""
The resources and their fields, as the document's JSON examples and field lists give them.

Source: taguchi-v4-api.txt, each resource's Common Fields and JSON Request/Response; `mobile` and `params` are described
there but missing from the examples; `type` of lists, `social_rating` and `social_profile` come from vendors/facts.md,
1.5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .children import ACTIVITY_REVISIONS, CUSTOM_FIELDS, MEMBERSHIPS, TEMPLATE_REVISIONS, Child
from .columns import DATE, INTEGER, TEXT, TIMESTAMP, Column, Shape, columns_of


@dataclass(frozen=True)
class Resource:
    """
    A kind of record: its columns, its lists, its key, and which `revisions` values it knows.
    """

    name: str
    columns: tuple[Column, ...]
    children: tuple[Child, ...] = ()
    key: str = "id"
    revisions: tuple[str, ...] = ()
    key_is_unique: bool = True

    @cached_property
    def shape(self) -> Shape:
        """How its columns are printed."""
        return Shape(self.columns)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each column's value stands in a row."""
        return {column.name: position for position, column in enumerate(self.columns)}

    @cached_property
    def child_positions(self) -> dict[str, int]:
        """Where each list stands in a row's children."""
        return {child.name: position for position, child in enumerate(self.children)}

    @property
    def key_column(self) -> Column:
        """The column the path names."""
        return self.columns[self.positions[self.key]]


def _columns(*groups: Iterable[Column]) -> tuple[Column, ...]:
    return tuple(column for group in groups for column in group)


SUBSCRIBER = Resource(
    "subscriber",
    _columns(
        columns_of(INTEGER, "id"),
        columns_of(TEXT, "ref title firstname lastname notifications extra phone mobile"),
        columns_of(DATE, "dob"),
        columns_of(TEXT, "address address2 address3 suburb state country postcode gender email"),
        columns_of(TIMESTAMP, "unsubscribed bounced"),
        columns_of(TEXT, "data"),
        columns_of(INTEGER, "organization_id user_class_id campaign_id import_id cluster_id social_rating"),
        columns_of(TEXT, "social_profile"),
    ),
    (MEMBERSHIPS, CUSTOM_FIELDS),
)
LIST = Resource(
    "list",
    _columns(
        columns_of(INTEGER, "id"),
        columns_of(TEXT, "ref name"),
        columns_of(TIMESTAMP, "timestamp"),
        columns_of(TEXT, "status data type"),
        columns_of(INTEGER, "organization_id"),
    ),
)
CAMPAIGN = Resource(
    "campaign",
    _columns(
        columns_of(INTEGER, "id"),
        columns_of(TEXT, "ref name"),
        columns_of(TIMESTAMP, "date"),
        columns_of(TEXT, "success_event_ref status data"),
        columns_of(INTEGER, "organization_id"),
    ),
)
ACTIVITY = Resource(
    "activity",
    _columns(
        columns_of(INTEGER, "id"),
        columns_of(TEXT, "ref name type subtype status target_lists target_views approval_status"),
        columns_of(TIMESTAMP, "date"),
        columns_of(INTEGER, "throttle"),
        columns_of(TEXT, "data"),
        columns_of(INTEGER, "organization_id campaign_id template_id"),
    ),
    (ACTIVITY_REVISIONS,),
    revisions=("deployed", "approved", "latest", "history"),
)
TEMPLATE = Resource(
    "template",
    _columns(
        columns_of(INTEGER, "id"),
        columns_of(TEXT, "ref name type subtype status data"),
        columns_of(INTEGER, "organization_id"),
    ),
    (TEMPLATE_REVISIONS,),
    revisions=("latest", "history"),
)
IMPORT = Resource(
    "import",
    _columns(
        columns_of(INTEGER, "id"),
        columns_of(TEXT, "ref name source"),
        columns_of(TIMESTAMP, "timestamp"),
        columns_of(TEXT, "manifest status params"),
        columns_of(INTEGER, "organization_id total invalid bounced global_new list_new"),
    ),
)
VIEW = Resource(
    "view",
    _columns(
        columns_of(INTEGER, "id"),
        columns_of(TEXT, "ref name predicate status"),
        columns_of(INTEGER, "organization_id"),
    ),
)
EVENT = Resource(
    "event", _columns(columns_of(TEXT, "ref name description"), columns_of(INTEGER, "priority")), key="ref"
)

RESOURCES = {
    resource.name: resource for resource in (SUBSCRIBER, LIST, CAMPAIGN, ACTIVITY, TEMPLATE, IMPORT, VIEW, EVENT)
}
