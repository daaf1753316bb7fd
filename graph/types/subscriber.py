"""Subscribers."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from adapters.records import SubscriberRecord
from graph.types.audience_membership import AudienceMembership
from graph.types.connection import Connection
from graph.types.custom_field import CustomField, resolve_custom_fields
from graph.types.enums import MemberState, SubscriptionState
from graph.types.feed_field import audit_feed, event_feed
from graph.types.lazy import LazyCampaign, LazyFeedEvent, LazySubscriberImport
from graph.types.membership import ListMembership, read_memberships
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain, relation

State = Annotated[MemberState, strawberry.argument(description="Only memberships in this state.")]


def resolve_memberships(root: strawberry.Parent[Any], state: State = MemberState.ANY) -> Any:
    """Choose among the record's own memberships; no call is made."""
    return read_memberships(root, state)


@node_type(SubscriberRecord)
class Subscriber(Node):
    """A person a source can reach by e-mail, phone or post."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the person, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    email: str | None = plain("The e-mail address, as the vendor keeps it.")
    title: str | None = plain("The salutation, as `Ms`.")
    first_name: str | None = plain("The first name.")
    last_name: str | None = plain("The last name.")
    phone: str | None = plain("The landline number, in whatever form it was entered.")
    mobile: str | None = plain("The mobile number, in whatever form it was entered.")
    birth_date: date | None = plain("The day of birth.")
    gender: str | None = plain("The gender, as it was entered; often `F` or `M`.")
    address: str | None = plain("The first line of the postal address.")
    address2: str | None = plain("The second line of the postal address.")
    address3: str | None = plain("The third line of the postal address.")
    suburb: str | None = plain("The suburb or city of the postal address.")
    state: str | None = plain("The state or province of the postal address.")
    country: str | None = plain("The country of the postal address, as it was entered: a name or a code.")
    postcode: str | None = plain("The postal code.")
    unsubscribed_at: datetime | None = plain(
        "When the person opted out of everything. Whoever has a time here is never contacted."
    )
    bounced_at: datetime | None = plain(
        "When the e-mail address proved invalid. Whoever has a time here is not e-mailed any more."
    )
    subscription: SubscriptionState = plain(
        "Whether the source may send to the person, from an opt-out or a bounce, also where it does not say when."
    )
    campaign_id: strawberry.ID | None = plain("The vendor's id of the campaign that brought the person.")
    campaign: LazyCampaign | None = relation(
        "Subscriber", "campaign", "The campaign that brought the person, where one did."
    )
    import_id: strawberry.ID | None = plain("The vendor's id of the import that brought the person.")
    import_: LazySubscriberImport | None = relation(
        "Subscriber", "import", "The import that brought the person, where one did."
    )
    memberships: list[ListMembership] = strawberry.field(
        resolver=resolve_memberships, description="The person's places on lists, past ones among them."
    )
    audiences: list[AudienceMembership] | None = plain(
        "The audiences that the person's own record names, or that it was read in; nothing where the source does not "
        "tell them, as its `coverage { neverTold }` says."
    )
    custom_fields: list[CustomField] = strawberry.field(
        resolver=resolve_custom_fields, description="The fields your company has added, with the person's values."
    )
    events: Connection[LazyFeedEvent] | None = event_feed(
        "Subscriber", "What the person did, and what was or will be done for them: messages sent, opened, clicked."
    )
    audit_log: Connection[LazyFeedEvent] | None = audit_feed(
        "Subscriber", "What was done to the person's record: who made and changed it."
    )
