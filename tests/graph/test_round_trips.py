"""
Everything that can be written and read, at every vendor: made, read, changed, read, removed, and read again.

The answers of reads are remembered here as they are for everybody, so a read after a write shows what was written only
where the write has made the old answer forgotten.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from tests.graph.every_writer import Writing, id_of, open_writing
from tests.graph.test_dry_runs import list_abilities
from tests.graph.write_cases import BASIS, MANIFEST, NOON

Given = Callable[[str], Mapping[str, Any]]
"""A mutation's input, by the record's id."""


@dataclass(frozen=True, slots=True)
class Step:
    """One mutation of a trip, and what a read must tell afterwards; None is a record that is not there."""

    mutation: str
    given: Given
    then: Any


@dataclass(frozen=True, slots=True)
class Trip:
    """
    A record's way at a vendor: `read` is what is asked of it, by `id` where it can be looked up by that.

    `field` is where the first mutation's payload holds the record it has made; without one, `id_` is the record.
    """

    vendor: str
    about: str
    read: str
    steps: tuple[Step, ...]
    field: str | None = None
    id_: str = ""


def _node(kind: str, fields: str) -> str:
    return f"query($id: ID!) {{ found: node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}"


def _v4_noun(noun: str, kind: str, field: str, made: Mapping[str, Any], changed: Mapping[str, Any]) -> Trip:
    """A noun of Taguchi V4: made, changed and deleted alike."""
    fields = sorted({*made, *changed} - {"manifest", "revisions"})
    after = {name: made.get(name) for name in fields}
    return Trip(
        "taguchi_v4",
        noun,
        _node(kind, " ".join(fields)),
        (
            Step(f"create{noun}", lambda _: {"source": "taguchi_v4", "fields": made}, after),
            Step(f"update{noun}", lambda id_: {"id": id_, "fields": changed}, after | dict(changed)),
            Step(f"delete{noun}", lambda id_: {"id": id_}, None),
        ),
        field,
    )


PERSON: Final = _node("Subscriber", "email firstName title subscription memberships { listId state }")


def _person(first: str | None, title: str | None, state: str = "SUBSCRIBED", **lists: str) -> Any:
    memberships = [{"listId": name[1:], "state": each} for name, each in lists.items()]
    return {
        "email": "new@example.com", "firstName": first, "title": title, "subscription": state,
        "memberships": memberships,
    }  # fmt: skip


def _source(vendor: str, **fields: Any) -> Given:
    return lambda _: {"source": vendor, "fields": {"email": "new@example.com", **fields}}


def _change(**fields: Any) -> Given:
    return lambda id_: {"id": id_, "fields": fields}


def _about(**given: Any) -> Given:
    return lambda id_: {"id": id_, **given}


V4_PEOPLE: Final = Trip("taguchi_v4", "people", PERSON, (
    Step("createSubscriber", _source("taguchi_v4", ref="n", firstName="A"), _person("A", None)),
    Step("updateSubscriber", _change(title="Dr"), _person("A", "Dr")),
    Step("upsertSubscriber", _source("taguchi_v4", ref="n", firstName="B"), _person("B", "Dr")),
    Step("setListMembership", _about(listId="5"), _person("B", "Dr", _5="ACTIVE")),
    Step("setListMembership", _about(listId="5", subscribed=False), _person("B", "Dr", _5="LEFT")),
    Step("setListMembership", _about(listId="5", **BASIS), _person("B", "Dr", _5="ACTIVE")),
    Step("unsubscribe", _about(), _person("B", "Dr", "UNSUBSCRIBED", _5="ACTIVE")),
    Step("resubscribe", _about(**BASIS), _person("B", "Dr", _5="ACTIVE")),
), "subscriber")  # fmt: skip
TIMES: Final = _node("Subscriber", "unsubscribedAt bouncedAt memberships { leftAt }")


def _times(left_at: str | None, out_at: str | None) -> Any:
    return {"bouncedAt": NOON, "memberships": [{"leftAt": left_at}], "unsubscribedAt": out_at}


V4_TIMES: Final = Trip("taguchi_v4", "times of people brought over from elsewhere", TIMES, (
    Step("updateSubscriber", _change(bouncedAt=NOON), _times(None, None)),
    Step("setListMembership", _about(listId="5", subscribed=False, leftAt=NOON), _times(NOON, None)),
    Step("unsubscribe", _about(at=NOON), _times(NOON, NOON)),
), id_=id_of("taguchi_v4", "subscriber", 1))  # fmt: skip
V5_PEOPLE: Final = Trip("taguchi_v5", "people", PERSON, (
    Step("createSubscriber", _source("taguchi_v5", firstName="A"), _person("A", None)),
    Step("updateSubscriber", _change(title="Dr"), _person("A", "Dr")),
    Step("upsertSubscriber", _source("taguchi_v5", firstName="B"), _person("B", "Dr")),
    Step(
        "upsertSubscribers",
        lambda _: {"source": "taguchi_v5", "items": [{"email": "new@example.com", "title": "Mx"}]},
        _person("B", "Mx"),
    ),
    Step("setListMembership", _about(listId="5", **BASIS), _person("B", "Mx", _5="ACTIVE")),
    Step("setListMembership", _about(listId="5", subscribed=False), _person("B", "Mx", _5="LEFT")),
    Step("unsubscribe", _about(), _person("B", "Mx", "UNSUBSCRIBED", _5="LEFT")),
    Step("anonymizeSubscriber", _about(), {"email": None, "firstName": None, "title": None,
                                          "subscription": "SUBSCRIBED",
                                          "memberships": [{"listId": "5", "state": "LEFT"}]}),
), "subscriber")  # fmt: skip
CONTACT: Final = _node("Subscriber", "email firstName lastName subscription")


def _contact(first: str, last: str | None, state: str = "SUBSCRIBED") -> Any:
    return {"email": "new@example.com", "firstName": first, "lastName": last, "subscription": state}


ON_402: Final = {"memberships": [{"listId": "402"}]}
TAXIMAIL_PEOPLE: Final = Trip("taximail", "people", CONTACT, (
    Step("createSubscriber", _source("taximail", firstName="A", lastName="Z", **ON_402), _contact("A", "Z")),
    Step("updateSubscriber", _change(firstName="B"), _contact("B", "Z")),
    Step("upsertSubscriber", _source("taximail", lastName="Y", **ON_402), _contact("B", "Y")),
    Step(
        "importSubscribers",
        lambda _: {
            "source": "taximail", "listId": "402", "items": [{"email": "new@example.com", "firstName": "C"}],
        },
        _contact("C", "Y"),
    ),
    Step("unsubscribe", _about(), _contact("C", "Y", "UNSUBSCRIBED")),
    Step("deleteContacts", lambda id_: {"source": "taximail", "ids": [id_]}, None),
), "subscriber")  # fmt: skip
TAXIMAIL_LEAVING: Final = Trip("taximail", "memberships", CONTACT, (
    Step("createSubscriber", _source("taximail", firstName="A", **ON_402), _contact("A", None)),
    Step("setListMembership", _about(listId="402", subscribed=False), _contact("A", None, "UNSUBSCRIBED")),
), "subscriber")  # fmt: skip
USER: Final = id_of("sendios", "subscriber", 8424)


def _user(about: str, fields: str, *steps: Step) -> Trip:
    """A way of Sendios' example: nobody is made but by a message."""
    return Trip("sendios", about, _node("Subscriber", fields), steps, id_=USER)


def _types(*off: str) -> Any:
    told = [{"typeId": each, "unsubscribed": each in off} for each in ("1", "3", "4", "5", "7", "11")]
    return {"sendios": {"typeOptOuts": told}}


def _marks(ref: str | None, confirmed: int, seen_at: str | None, payment: str | None) -> Any:
    stored = {"clientUserId": ref}
    return {
        "sendios": {"storedFields": stored, "confirmed": confirmed, "lastOnlineAt": seen_at, "lastPayment": payment}
    }


BY_ADDRESS: Final = {"byEmail": {"source": "sendios", "email": "test@example.com", "projectId": "1"}}
SEEN_AT: Final = "2024-06-01T12:00:00Z"
PAID: Final = '{"start_date":1767268800,"amount":20}'
SENDIOS_TRIPS: Final = (
    _user(
        "people", "gender sendios { vip }",
        Step("updateSubscriber", _change(gender="f", sendios={"vip": True}), {"gender": "f", "sendios": {"vip": True}}),
        Step("updateSubscriber", lambda _: {**BY_ADDRESS, "fields": {"gender": "m"}},
             {"gender": "m", "sendios": {"vip": True}}),
        Step("eraseSubscriber", _about(force=True), None),
    ),
    _user(
        "opt-outs", "subscription",
        Step("unsubscribe", _about(), {"subscription": "UNSUBSCRIBED"}),
        Step("resubscribe", _about(**BASIS), {"subscription": "SUBSCRIBED"}),
    ),
    _user(
        "opt-outs by type", "sendios { typeOptOuts { typeId unsubscribed } }",
        Step("unsubscribeFromTypes", _about(change="ADD", typeIds=["4", "5"]), _types("4", "5")),
        Step("unsubscribeFromTypes", _about(change="REMOVE", typeIds=["4"], **BASIS), _types("5")),
        Step("unsubscribeFromTypes", _about(change="REPLACE", typeIds=["1"], **BASIS), _types("1")),
        Step("unsubscribeFromTypes", _about(change="CLEAR", **BASIS), _types()),
    ),
    _user(
        "marks", "sendios { storedFields { clientUserId } confirmed lastOnlineAt lastPayment }",
        Step("linkClientUser", _about(ref="shop-1"), _marks("shop-1", 0, None, None)),
        Step("confirmUser", lambda _: {**BY_ADDRESS, "reactedAt": NOON}, _marks("shop-1", 1, None, None)),
        Step("markOnline", _about(seenAt=SEEN_AT), _marks("shop-1", 1, SEEN_AT, None)),
        Step("recordPayment", _about(startsAt=NOON, amount=20.0), _marks("shop-1", 1, SEEN_AT, PAID)),
    ),
    Trip(
        "sendios", "people made by a message",
        'query { found: subscriber(source: "sendios", by: {email: "new@gmail.com"}) { sendios { name } } }',
        (
            Step(
                "sendMessage",
                lambda _: {
                    "source": "sendios", "recipients": [{"email": "new@gmail.com"}],
                    "sendios": {"kind": "SYSTEM", "typeId": "1", "projectId": "1", "user": {"name": "Ann"}},
                },
                {"sendios": {"name": "Ann"}},
            ),
        ),
    ),
)  # fmt: skip


PARTITION: Final = Trip(
    "taguchi_v5",
    "partitions",
    'query { found: partition(source: "taguchi_v5", by: {ref: "perth"}) { name customFields { key typed } } }',
    (
        Step(
            "upsertPartition",
            lambda _: {
                "source": "taguchi_v5", "ref": "perth", "name": "Perth", "customFields": [{"key": "o", "typed": True}],
            },
            {"name": "Perth", "customFields": [{"key": "o", "typed": True}]},
        ),
        Step(
            "upsertPartition",
            lambda _: {"source": "taguchi_v5", "ref": "perth", "name": "West"},
            {"name": "West", "customFields": [{"key": "o", "typed": True}]},
        ),
    ),
)  # fmt: skip
CUSTOMER: Final = _node("Subscriber", "email audiences { name }")


def _customer(email: str, *audiences: str) -> Any:
    return {"email": email, "audiences": [{"name": each} for each in audiences]}


TALON_PEOPLE: Final = Trip("talon_one", "people", CUSTOMER, (
    Step("createSubscriber", _source("talon_one", ref="n 1"), _customer("new@example.com")),
    Step("updateSubscriber", _change(email="b@example.com"), _customer("b@example.com")),
    Step(
        "upsertSubscriber",
        lambda _: {"source": "talon_one", "fields": {"ref": "n 1", "email": "c@example.com"}},
        _customer("c@example.com"),
    ),
    Step("updateCustomerProfile", _about(attributes={"Email": "d@example.com"}), _customer("d@example.com")),
), "subscriber")  # fmt: skip
AUDIENCE: Final = Trip("talon_one", "audiences", _node("Audience", "name ref"), (
    Step("createAudience", lambda _: {"source": "talon_one", "ref": "w", "name": "W"}, {"name": "W", "ref": "w"}),
    Step("updateAudience", _about(name="X"), {"name": "X", "ref": "w"}),
    Step("deleteAudience", _about(), None),
), "audience")  # fmt: skip
HELD: Final = ("Kunden ü 50 %", "Wave 06", "Wave 09", "Wave 16")
C1: Final = id_of("talon_one", "subscriber", "c 1")


def _held(*names: str) -> Any:
    return {"audiences": [{"name": each} for each in (*HELD, *names)]}


def _of_many(**change: Any) -> Given:
    return lambda _: {"source": "talon_one", "items": [{"ref": "c 1", **change}]}


MEMBERS: Final = Trip("talon_one", "members of audiences", _node("Subscriber", "audiences { name }"), (
    Step("changeAudiences", _of_many(join=["1"]), _held("VIP")),
    Step("changeAudiences", _of_many(leave=["1"]), _held()),
    Step("changeCustomerAudiences", _about(join=["5"]), _held("Nobody yet")),
    Step("changeCustomerAudiences", _about(leave=["5"]), _held()),
), id_=C1)  # fmt: skip
TRIPS: Final = (
    _v4_noun("List", "SubscriberList", "list", {"ref": "r", "name": "N", "status": "active"}, {"name": "M"}),
    _v4_noun("Campaign", "Campaign", "campaign", {"ref": "r", "name": "N", "startsAt": NOON}, {"name": "M"}),
    _v4_noun("View", "SubscriberView", "view", {"ref": "r", "name": "N", "predicate": "true"}, {"predicate": "false"}),
    _v4_noun("Template", "Template", "template", {"ref": "r", "name": "N", "type": "email"}, {"name": "M"}),
    _v4_noun("Activity", "Activity", "activity", {"ref": "r", "name": "N", "throttle": 3}, {"throttle": 5}),
    _v4_noun("Import", "SubscriberImport", "imported", {"ref": "r", "name": "N", "origin": "fair",
                                                        "manifest": MANIFEST}, {"origin": "web"}),
    V4_PEOPLE,
    V4_TIMES,
    V5_PEOPLE,
    PARTITION,
    TAXIMAIL_PEOPLE,
    TAXIMAIL_LEAVING,
    *SENDIOS_TRIPS,
    TALON_PEOPLE,
    AUDIENCE,
    MEMBERS,
)  # fmt: skip


ACTS: Final[Mapping[str, str]] = {
    "proofActivity": "a sending",
    "requestApproval": "a sending",
    "queueActivity": "a sending",
    "triggerActivity": "a sending",
    "sendMessage": "a sending; at Taguchi V5 no call tells of it",
    "commentActivity": "told by the audit log alone",
    "approveActivity": "told by the approval of a revision",
    "extractList": "a sending of a file",
    "processImport": "what a file makes of people",
    "importSubscribers": "what a file makes of people; at Taximail it is a trip",
    "logEvent": "no call of Taguchi V5 tells of it",
    "logEvents": "no call of Taguchi V5 tells of it",
}
"""Mutations that leave no record to be read back at some vendor, and why."""


def test_every_writable_type_has_its_trip() -> None:
    """A type that nobody writes and reads back is one of which nobody knows whether it can be."""
    walked = {(step.mutation, trip.vendor) for trip in TRIPS for step in trip.steps}
    left = list_abilities() - walked

    assert walked <= list_abilities()
    assert {mutation for mutation, _ in left} == set(ACTS)


async def walk(world: Writing, trip: Trip) -> None:
    """Take every step of a trip, reading before and after it."""
    id_ = trip.id_
    for step in trip.steps:
        tells = f"{trip.field} {{ id }}" if trip.field and not id_ else ""
        payload = await world.write(step.mutation, tells, **step.given(id_))
        assert payload["outcome"] in {"APPLIED", "ACCEPTED"}, (step.mutation, payload)
        id_ = id_ or (payload[trip.field]["id"] if trip.field else "")
        found = (await world.read(trip.read, **({"id": id_} if "$id" in trip.read else {})))["found"]
        assert found == step.then, step.mutation


@pytest.mark.parametrize("trip", TRIPS, ids=lambda trip: f"{trip.vendor} {trip.about}")
async def test_what_is_written_is_read(trip: Trip) -> None:
    """A write would be called done and not be there, or be there and not be seen."""
    async with open_writing(trip.vendor, cache=True) as world:
        await walk(world, trip)
