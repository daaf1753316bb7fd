"""Memberships: people's places on lists."""

from datetime import datetime
from typing import Any

import strawberry

from graph.types.description import described
from graph.types.enums import MembershipState, MemberState
from graph.types.lazy import LazyCampaign, LazySubscriberImport, LazySubscriberList
from graph.types.node import SOURCE_ID
from graph.types.relation import plain, relation


@described(strawberry.type)
class ListMembership:
    """One person's place on one list. It is kept when the person leaves, with the time of leaving."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    list_id: strawberry.ID = plain("The vendor's id of the list, also where the list itself is gone.")
    state: MembershipState = plain("Whether the person is on the list now.")
    joined_at: datetime | None = plain("When the person was last put on the list.")
    left_at: datetime | None = plain("When the person left the list; nothing while the person is on it.")
    status: str | None = plain("The vendor's own word for the person's state on the list, where it has one.")
    option: str | None = plain(
        "Free text kept with the membership, for segments or as a key of your own systems; hidden without the scope "
        "`pii`."
    )
    campaign_id: strawberry.ID | None = plain("The vendor's id of the campaign that brought the membership about.")
    import_id: strawberry.ID | None = plain("The vendor's id of the import that brought the membership about.")
    list: LazySubscriberList | None = relation("ListMembership", "list", "The list; nothing where the vendor hides it.")
    campaign: LazyCampaign | None = relation(
        "ListMembership", "campaign", "The campaign that brought the membership about, where one did."
    )
    import_: LazySubscriberImport | None = relation(
        "ListMembership", "import", "The import that brought the membership about, where one did."
    )


def read_memberships(record: Any, state: MemberState) -> Any:
    """Return a record's memberships in one state, in the vendor's order."""
    if state is MemberState.ANY:
        return record.memberships
    return [membership for membership in record.memberships if membership.state == state.value]
