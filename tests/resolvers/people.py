"""
Small accounts for tests of look-ups, references and children.
"""

from datetime import UTC, datetime

from adapters.contract import Source
from adapters.records import (
    CampaignRecord,
    CustomFieldRecord,
    ListRecord,
    MembershipRecord,
    SubscriberRecord,
)
from tests.resolvers.fake_source import FakeSubscriber, build_source

LEFT_AT = datetime(2024, 5, 1, 10, tzinfo=UTC)


def build_person(source: str, id_: int, *lists: int, left: tuple[int, ...] = (), **values) -> SubscriberRecord:
    """Build a person on some lists, of which some were left."""
    memberships = tuple(
        MembershipRecord(source=source, list_id=str(each), left_at=LEFT_AT if each in left else None, campaign_id="1")
        for each in lists
    )
    return SubscriberRecord(source=source, id=str(id_), memberships=memberships, **values)


def build_people(source: str, *ids: int, **values) -> list[SubscriberRecord]:
    """Build people who differ in nothing but their id."""
    return [SubscriberRecord(source=source, id=str(id_), **values) for id_ in ids]


def build_account(name: str = "one") -> Source:
    """Build an account of twelve people, three campaigns and three lists."""
    people = [
        build_person(
            name,
            id_,
            *([1, 2] if id_ % 2 else [2]),
            left=(2,) if id_ % 3 == 0 else (),
            campaign_id=str(1 + id_ % 2) if id_ != 12 else None,
            ref=f"person-{id_}",
            email=f"Person{id_}@example.com",
            first_name="Ada",
            custom_fields=(CustomFieldRecord(key="size", value="L"), CustomFieldRecord(key="shoe", value=None)),
            extension=FakeSubscriber(rank=id_, diary="Dear diary"),
        )
        for id_ in range(1, 13)
    ]
    campaigns = [CampaignRecord(source=name, id=str(id_), ref=f"campaign-{id_}") for id_ in (1, 2, 3)]
    lists = [ListRecord(source=name, id=str(id_), ref=f"list-{id_}") for id_ in (1, 2, 3)]
    return build_source(name, None, *people, *campaigns, *lists)
