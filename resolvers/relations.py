"""
Every relation of the graph: which batch function answers it, what it reads, and what that costs.

One table for three readers: the schema builds its fields from it, the cost pass and `explain` count with it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from adapters.records import Entity
from resolvers.campaign import campaign, campaign_subscribers, campaigns
from resolvers.list import list_, lists, members, membership_campaign, membership_list
from resolvers.node import entities, node, nodes
from resolvers.source import sources
from resolvers.subscriber import subscriber, subscriber_campaign, subscribers

Batch = Callable[..., Awaitable[list[Any]]]
"""`async (parents, args, ctx, selection) -> list`: one value per parent, in order; an exception value fails one."""


class Shape(StrEnum):
    """
    How a relation reads.

    PAGE: a root connection, at least one call per source. ONE: a look-up through a loader, few calls for many parents.
    CHILDREN: a connection below each parent, first pages batched. MEMBERS: a connection below each parent, a call or
    more for each. LOCAL: no call.
    """

    PAGE = "PAGE"
    ONE = "ONE"
    CHILDREN = "CHILDREN"
    MEMBERS = "MEMBERS"
    LOCAL = "LOCAL"


@dataclass(frozen=True, slots=True)
class Relation:
    """A batch function with the kind of record it reads (None: any, or none) and the shape of its cost."""

    batch: Batch
    reads: Entity | None
    shape: Shape


RELATIONS: Final[Mapping[tuple[str, str], Relation]] = {
    ("Query", "subscribers"): Relation(subscribers, Entity.SUBSCRIBER, Shape.PAGE),
    ("Query", "subscriber"): Relation(subscriber, Entity.SUBSCRIBER, Shape.ONE),
    ("Query", "lists"): Relation(lists, Entity.LIST, Shape.PAGE),
    ("Query", "list"): Relation(list_, Entity.LIST, Shape.ONE),
    ("Query", "campaigns"): Relation(campaigns, Entity.CAMPAIGN, Shape.PAGE),
    ("Query", "campaign"): Relation(campaign, Entity.CAMPAIGN, Shape.ONE),
    ("Query", "node"): Relation(node, None, Shape.ONE),
    ("Query", "nodes"): Relation(nodes, None, Shape.ONE),
    ("Query", "_entities"): Relation(entities, None, Shape.ONE),
    ("Query", "sources"): Relation(sources, None, Shape.LOCAL),
    ("Subscriber", "campaign"): Relation(subscriber_campaign, Entity.CAMPAIGN, Shape.ONE),
    ("SubscriberList", "members"): Relation(members, Entity.SUBSCRIBER, Shape.MEMBERS),
    ("ListMembership", "list"): Relation(membership_list, Entity.LIST, Shape.ONE),
    ("ListMembership", "campaign"): Relation(membership_campaign, Entity.CAMPAIGN, Shape.ONE),
    ("Campaign", "subscribers"): Relation(campaign_subscribers, Entity.SUBSCRIBER, Shape.CHILDREN),
}
"""Relations by GraphQL type and field."""
