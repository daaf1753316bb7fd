"""
What a caller without the scope `pii` sees and may ask.
"""

import dataclasses
from datetime import date
from typing import Any

import pytest

from adapters.calls import CallScope
from adapters.contract import ReadsRecords
from adapters.errors import ForbiddenError
from adapters.filters.order import BY_ID, Order
from adapters.filters.tree import And, Comparison, Not, Op, Or, Some
from adapters.records import (
    CampaignRecord,
    CustomFieldRecord,
    Entity,
    EventKind,
    FeedEventRecord,
    FeedKey,
    FeedSide,
    ListRecord,
    MembershipRecord,
    SubscriberRecord,
)
from adapters.vendors.sendios.extensions import SendiosOptOut, SendiosStoredFields, SendiosSubscriber
from resolvers.campaign import campaign_subscribers
from resolvers.ids import encode_id
from resolvers.list import MembersArgs, members
from resolvers.lookups import LookupArgs
from resolvers.node import NodeArgs, node
from resolvers.pages import ConnectionArgs
from resolvers.policy.masking import PII, MaskedAdapter, mask_record
from resolvers.principal import Principal, Scope
from resolvers.selection import build_selection
from resolvers.subscriber import subscriber, subscribers
from tests.resolvers.asking import WITHOUT_PII, ask, build_context
from tests.resolvers.fake_source import FakeSubscriber, adapter_of
from tests.resolvers.people import build_account

SELECTION = build_selection("subscribers", "nodes.id")
SECRETS = ("example.com", "Ada", "'L'", "Dear")


SHOWN = {
    SubscriberRecord: {"source", "id", "ref", "campaign_id", "import_id"},
    FeedEventRecord: {"source", "id", "parent_id", "event_ref", "schedule", "link_id", "subscriber_id", "activity_id"}
    | {"revision_id", "configuration_id", "campaign_id"},
}
"""The texts of people and events that everybody may read."""


@pytest.mark.parametrize("record_type", SHOWN)
def test_every_personal_field_is_hidden_and_no_other(record_type: Any) -> None:
    """A new field would leak, or a harmless one be lost."""
    texts = {field.name for field in dataclasses.fields(record_type) if field.type == str | None or field.type is str}
    given: dict[str, Any] = {name: name for name in texts}
    if record_type is SubscriberRecord:
        given["birth_date"] = date(1980, 1, 1)
    else:
        given |= {"kind": EventKind.LOGGED, "feed": FeedKey(Entity.SUBSCRIBER, "1", FeedSide.SUBJECT)}
    record = record_type(**given, custom_fields=(CustomFieldRecord(key="ip", value="192.0.2.1"),))

    masked: Any = mask_record(record)

    changed = {name for name in (*given, "custom_fields") if getattr(masked, name) != getattr(record, name)}
    assert texts - changed == SHOWN[record_type]
    assert changed == PII[record_type.entity] - {"memberships.option"}
    assert {getattr(masked, name) for name in changed & texts} == {"***"}
    assert masked.custom_fields == (CustomFieldRecord(key="ip", value="***"),)
    assert record_type is FeedEventRecord or masked.birth_date is None


def test_ages_and_free_words_about_people_are_hidden():
    """What a birthday is kept back for, its age would tell; and what somebody noted may tell anything."""
    wish = SendiosOptOut(unsubscribed=True, cause="link", message="moved to her sister's")
    stored = SendiosStoredFields(list_id="3", country_id="NZ", city_id="77")
    hidden: dict[str, Any] = dict.fromkeys(("ak", "photo", "promotion_opt_out", "webpush"), "x")
    person = SendiosSubscriber(age=40, language="en", unsubscribe=wish, stored_fields=stored, **hidden)

    masked: Any = mask_record(SubscriberRecord(source="one", id="1", extension=person)).extension

    assert (masked.age, masked.language) == (None, "en")
    assert {getattr(masked, name) for name in hidden} == {"***"}
    assert masked.unsubscribe == dataclasses.replace(wish, message="***")
    assert masked.stored_fields == dataclasses.replace(stored, country_id="***", city_id="***")


def test_what_is_kept_with_a_membership_is_hidden():
    """It is free text about one person, as a custom field is."""
    told = MembershipRecord(source="one", list_id="3", option="only with her nurse", status="Subscribed")
    silent = MembershipRecord(source="one", list_id="4")

    masked = mask_record(SubscriberRecord(source="one", id="1", memberships=(told, silent)))

    assert isinstance(masked, SubscriberRecord)
    assert masked.memberships == (dataclasses.replace(told, option="***"), silent)


def test_what_is_missing_stays_missing():
    """A mask would claim that a person without a telephone has one."""
    assert SubscriberRecord(source="one", id="1") == mask_record(SubscriberRecord(source="one", id="1"))


def test_other_records_stay_as_they_are():
    """Campaigns would lose their names."""
    record = CampaignRecord(source="one", id="1", name="Spring")

    assert record == mask_record(record)


async def _read_every_way(ctx) -> list[object]:
    people = await ask(subscribers, ConnectionArgs(first=3), ctx)
    by_ref = await ask(subscriber, LookupArgs("ref", "person-9"), ctx)
    by_id = await ask(subscriber, LookupArgs("id", encode_id("one", "subscriber", ("8",))), ctx)
    (as_node,) = await node([None], NodeArgs(encode_id("one", "subscriber", ("7",))), ctx, SELECTION)
    campaigns = [CampaignRecord(source="one", id=id_) for id_ in ("1", "2")]
    below = await campaign_subscribers(campaigns, ConnectionArgs(), ctx, SELECTION)
    lists = [ListRecord(source="one", id=id_) for id_ in ("1", "2")]
    on_lists = await members(lists, MembersArgs(), ctx, SELECTION)
    return [people, by_ref, by_id, as_node, *below, *on_lists]


async def test_no_way_of_reading_leads_past_the_mask():
    """An address would come out by the one way that was forgotten."""
    shown = await _read_every_way(build_context(build_account()))
    hidden = await _read_every_way(build_context(build_account(), principal=WITHOUT_PII))

    assert all(secret in repr(each) for each in shown for secret in SECRETS)
    assert [(secret, each) for each in hidden for secret in SECRETS if secret in repr(each)] == []


async def test_masked_records_keep_keys_and_the_vendors_harmless_fields():
    """A caller without the scope could not even count people by size."""
    ctx = build_context(build_account(), principal=WITHOUT_PII)

    found = await ask(subscriber, LookupArgs("ref", "person-9"), ctx)

    assert [(each.key, each.value) for each in found.custom_fields] == [("size", "***"), ("shoe", None)]
    assert FakeSubscriber(rank=9, diary="***") == found.extension


@pytest.mark.parametrize(
    "tree",
    [
        Comparison("email", Op.EQ, "x"),
        Not(Comparison("email", Op.IS_NULL)),
        And((Comparison("id", Op.EQ, "1"), Or((Comparison("birth_date", Op.EQ, date(1980, 1, 1)),)))),
        Comparison("custom_fields", Op.EQ, "L", "size"),
        Comparison("fake.diary", Op.CONTAINS, "x"),
        Comparison("state", Op.EQ, "VIC"),
        Comparison("gender", Op.EQ, "f"),
        Some("memberships", And((Comparison("list_id", Op.EQ, "1"), Comparison("option", Op.CONTAINS, "x")))),
    ],
)
async def test_filters_over_personal_fields_are_refused(tree):
    """A hidden address could be guessed letter by letter."""
    source = build_account()

    with pytest.raises(ForbiddenError, match="pii"):
        await ask(subscribers, ConnectionArgs(filter=tree), build_context(source, principal=WITHOUT_PII))
    below = await campaign_subscribers(
        [CampaignRecord(source="one", id="1")],
        ConnectionArgs(filter=tree),
        build_context(source, principal=WITHOUT_PII),
        SELECTION,
    )

    assert [ForbiddenError] == [type(error) for error in below]
    assert adapter_of(source).calls == []


async def test_orders_by_personal_fields_are_refused():
    """A hidden address could be placed between others, and cursors would hold it."""
    source = build_account()

    with pytest.raises(ForbiddenError):
        await ask(subscribers, ConnectionArgs(order=Order("email")), build_context(source, principal=WITHOUT_PII))


@pytest.mark.parametrize(
    ("tree", "order"),
    [
        (Some("memberships", Comparison("state", Op.EQ, "ACTIVE")), BY_ID),
        (Comparison("fake.rank", Op.GT, 3), Order("fake.rank")),
        (Comparison("ref", Op.STARTS_WITH, "person"), Order("campaign_id")),
    ],
    ids=["a membership's state is not a person's", "a harmless field of the vendor", "references"],
)
async def test_filters_over_other_fields_are_taken(tree, order):
    """A caller without the scope could not ask anything."""
    ctx = build_context(build_account(), principal=WITHOUT_PII)

    assert (await ask(subscribers, ConnectionArgs(filter=tree, order=order), ctx)).edges


def test_the_mask_is_a_whole_adapter():
    """A method of the contract that the mask lacks would fail only for callers without the scope."""
    assert isinstance(MaskedAdapter(adapter_of(build_account())), ReadsRecords)


async def test_sources_are_those_of_the_principal():
    """A tenant would read another's account."""
    principal = Principal("tenant", frozenset(Scope), frozenset({"two"}))

    ctx = build_context(build_account("one"), build_account("two"), principal=principal)

    assert list(ctx.sources) == ["two"]
    assert isinstance(ctx.scope, CallScope)
