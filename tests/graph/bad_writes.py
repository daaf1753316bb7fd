"""
What a caller may get wrong in a mutation, at every vendor where it can be said: refused with what must be told.

One table for each thing that may be wrong; a vendor that is missing in one has no such input.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.graph.every_writer import id_of
from tests.graph.write_cases import BY_ADDRESS, NOON, SENDIOS, TALON, TAXIMAIL, THOMAS, V4, V5

PEOPLE: Final[Mapping[str, str]] = {
    "taguchi_v4": id_of("taguchi_v4", "subscriber", 1),
    "taguchi_v5": id_of("taguchi_v5", "subscriber", 121293458),
    "taximail": id_of("taximail", "subscriber", "402/1"),
    "sendios": id_of("sendios", "subscriber", 8424),
    "talon_one": id_of("talon_one", "subscriber", "c 1"),
}
"""Somebody whom each sandbox knows."""

STRANGERS: Final[Mapping[str, str]] = {"taximail": "402/999999", "talon_one": "nobody"}
"""Keys of nobody, where a number alone is none."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A mutation with an input that is wrong, where in it, and the reason that is told."""

    vendor: str
    mutation: str
    given: Mapping[str, Any]
    at: str
    reason: str = "INPUT_INVALID"

    def __str__(self) -> str:
        """Its name."""
        return f"{self.vendor} {self.mutation} {self.at}"


ON_402: Final = {"memberships": [{"listId": "402"}]}
ACTIVITY: Final = {"id": id_of("taguchi_v4", "activity", 1)}
NOBODY: Final = "nobody"
PAST: Final = "2020-01-01T00:00:00Z"
SYSTEM: Final = {**SENDIOS, "sendios": {"kind": "SYSTEM", "typeId": "1", "projectId": "1"}}
MAILING: Final = {**V5, "activityId": "7", "allowUnsubscribed": True}
IMPORT: Final = {**TAXIMAIL, "listId": "402"}
AUDIENCE: Final = id_of("talon_one", "audience", 4)


def _id(vendor: str) -> dict[str, Any]:
    return {"id": PEOPLE[vendor]}


NAMED_TWICE: Final = (
    Bad("taguchi_v4", "updateSubscriber", {
        **_id("taguchi_v4"), "byEmail": {**V4, "email": "ada@example.org"}, "fields": {"title": "x"},
    }, "byEmail"),
    Bad("taguchi_v5", "unsubscribe", {**_id("taguchi_v5"), "byEmail": {**V5, "email": THOMAS}}, "byEmail"),
    Bad("taximail", "unsubscribe", {
        **_id("taximail"), "byEmail": {**TAXIMAIL, "email": "a@b.co", "listId": "402"},
    }, "byEmail"),
    Bad("sendios", "unsubscribe", {**_id("sendios"), **BY_ADDRESS}, "byEmail"),
    Bad("talon_one", "updateCustomerProfile", {
        **_id("talon_one"), "byKey": {**TALON, "ref": "c 1"}, "attributes": {"a": 1},
    }, "byKey"),
    Bad("talon_one", "updateAudience", {"id": AUDIENCE, **TALON, "ref": "e/1", "name": "x"}, ""),
    Bad("taguchi_v4", "triggerActivity", {**ACTIVITY, "recipients": [{"ref": "a", "email": "a@b.co"}]}, "recipients.0"),
    Bad("taguchi_v5", "sendMessage", {**MAILING, "recipients": [{"ref": "a", "email": "a@b.co"}]}, "recipients.0"),
    Bad("sendios", "sendMessage", {**SYSTEM, "recipients": [{**_id("sendios"), "email": "a@b.co"}]}, "recipients.0"),
)  # fmt: skip
NAMED_BY_NOTHING: Final = (
    Bad("taguchi_v4", "upsertSubscriber", {**V4, "fields": {"title": "x"}}, "fields"),
    Bad("taguchi_v5", "upsertSubscriber", {**V5, "fields": {"title": "x"}}, "fields.email"),
    Bad("taximail", "upsertSubscriber", {**TAXIMAIL, "fields": {"firstName": "x", **ON_402}}, "fields.email"),
    Bad("talon_one", "upsertSubscriber", {**TALON, "fields": {"email": "a@b.co"}}, "fields.ref"),
    Bad("taguchi_v4", "updateSubscriber", {"fields": {"title": "x"}}, "id"),
    Bad("taximail", "setListMembership", {"listId": "5"}, "id"),
    Bad("sendios", "unsubscribe", {}, "id"),
    Bad("talon_one", "updateCustomerProfile", {"attributes": {"a": 1}}, "id"),
    Bad("talon_one", "changeCustomerAudiences", {"join": ["1"]}, "id"),
    Bad("talon_one", "updateAudience", {"name": "x"}, "id"),
    Bad("talon_one", "deleteAudience", {**TALON}, ""),
    Bad("talon_one", "changeAudiences", {**TALON, "items": [{"ref": "", "join": ["1"]}]}, "items.0.ref"),
    Bad("taguchi_v5", "logEvent", {**V5, "person": {}, "type": "p"}, "person"),
    Bad("taguchi_v4", "triggerActivity", {**ACTIVITY, "recipients": [{}]}, "recipients.0"),
    Bad("taguchi_v5", "sendMessage", {**MAILING, "recipients": [{}]}, "recipients.0"),
    Bad("sendios", "sendMessage", {**SYSTEM, "recipients": [{}]}, "recipients.0"),
)
NO_ADDRESS: Final = (
    Bad("taguchi_v4", "createSubscriber", {**V4, "fields": {"email": NOBODY}}, "fields.email"),
    Bad("taguchi_v4", "updateSubscriber", {**_id("taguchi_v4"), "fields": {"email": "a b@c.de"}}, "fields.email"),
    Bad("taguchi_v4", "updateSubscriber", {**_id("taguchi_v4"), "fields": {"email": "***"}}, "fields.email"),
    Bad("taguchi_v4", "unsubscribe", {"byEmail": {**V4, "email": NOBODY}}, "byEmail.email"),
    Bad("taguchi_v4", "triggerActivity", {**ACTIVITY, "recipients": [{"email": NOBODY}]}, "recipients.0.email",
        "NOT_FOUND"),
    Bad("taguchi_v5", "createSubscriber", {**V5, "fields": {"email": NOBODY}}, "fields.email"),
    Bad("taguchi_v5", "unsubscribe", {"byEmail": {**V5, "email": NOBODY}}, "byEmail.email"),
    Bad("taguchi_v5", "anonymizeSubscriber", {"byKey": {**V5, "email": NOBODY}}, "byKey.email"),
    Bad("taguchi_v5", "sendMessage", {**MAILING, "recipients": [{"email": NOBODY}]}, "recipients.0.email"),
    Bad("taguchi_v5", "logEvent", {**V5, "person": {"email": NOBODY}, "type": "p"}, "person.email"),
    Bad("taguchi_v5", "upsertSubscribers", {**V5, "items": [{"email": "a@b.co"}, {"email": NOBODY}]}, "items.1.email"),
    Bad("taximail", "createSubscriber", {**TAXIMAIL, "fields": {"email": NOBODY, **ON_402}}, "fields.email"),
    Bad("taximail", "unsubscribe", {"byEmail": {**TAXIMAIL, "email": NOBODY, "listId": "402"}}, "byEmail.email"),
    Bad("taximail", "importSubscribers", {**IMPORT, "items": [{"email": "a@b.co"}, {"email": NOBODY}]},
        "items.1.email"),
    Bad("sendios", "unsubscribe", {"byEmail": {**SENDIOS, "email": NOBODY, "projectId": "1"}}, "byEmail.email"),
    Bad("sendios", "sendMessage", {**SYSTEM, "recipients": [{"email": NOBODY}]}, "recipients.0.email"),
    Bad("talon_one", "createSubscriber", {**TALON, "fields": {"ref": "n", "email": NOBODY}}, "fields.email"),
    Bad("talon_one", "updateSubscriber", {**_id("talon_one"), "fields": {"email": "a@b@c"}}, "fields.email"),
)  # fmt: skip
IN_THE_PAST: Final = (
    Bad("taguchi_v4", "createActivity", {**V4, "fields": {"name": "A", "scheduledAt": PAST}}, "fields.scheduledAt",
        "SCHEDULE_PAST"),
    Bad("taguchi_v4", "updateActivity", {**ACTIVITY, "fields": {"scheduledAt": PAST}}, "fields.scheduledAt",
        "SCHEDULE_PAST"),
    Bad("taguchi_v4", "triggerActivity", {**ACTIVITY, "date": PAST, "recipients": [{"ref": "crm-1"}]}, "date",
        "SCHEDULE_PAST"),
    Bad("taguchi_v5", "sendMessage", {**MAILING, "recipients": [_id("taguchi_v5")], "sendAt": PAST}, "sendAt",
        "SCHEDULE_PAST"),
    Bad("sendios", "recordPayment", {**_id("sendios"), "startsAt": NOON, "expiresAt": PAST}, "expiresAt"),
)  # fmt: skip
TWICE: Final = (
    Bad("taximail", "importSubscribers", {**IMPORT, "items": [{"email": "a@b.co"}, {"email": "A@b.co"}]},
        "items.1.email", "DUPLICATE_ITEM"),
    Bad("taximail", "deleteContacts", {**TAXIMAIL, "ids": [PEOPLE["taximail"]] * 2}, "ids.1", "DUPLICATE_ITEM"),
    Bad("taguchi_v5", "upsertSubscribers", {**V5, "items": [{"email": "a@b.co"}, {"email": "A@b.co"}]},
        "items.1.email", "DUPLICATE_ITEM"),
    Bad("taguchi_v5", "sendMessage", {**MAILING, "recipients": [_id("taguchi_v5")] * 2}, "recipients.1",
        "DUPLICATE_ITEM"),
    Bad("taguchi_v4", "triggerActivity", {**ACTIVITY, "recipients": [{"ref": "crm-1"}] * 2}, "recipients.1",
        "DUPLICATE_ITEM"),
    Bad("talon_one", "changeAudiences", {**TALON, "items": [{"ref": "a", "join": ["1"]}] * 2}, "items.1.ref",
        "DUPLICATE_ITEM"),
    Bad("talon_one", "changeAudiences", {**TALON, "items": [{"ref": "a", "join": ["1"], "leave": ["1"]}]},
        "items.0.leave.0"),
    Bad("taguchi_v4", "createSubscriber", {**V4, "fields": {"email": "a@b.co", "memberships": [{"listId": "5"}] * 2}},
        "fields.memberships.1.listId"),
    Bad("taguchi_v5", "createSubscriber", {**V5, "fields": {"email": "a@b.co", "memberships": [{"listId": "5"}] * 2}},
        "fields.memberships.1.listId"),
)  # fmt: skip
DIVIDED: Final = tuple(
    Bad("taximail", mutation, given, at, "SEPARATOR_IN_VALUE")
    for mutation, given, at in (
        ("createSubscriber", {**TAXIMAIL, "fields": {"email": "z@b.co", "firstName": "a|:|b", **ON_402}},
         "fields.firstName"),
        ("upsertSubscriber", {**TAXIMAIL, "fields": {"email": "z@b.co", "lastName": "a|:|b", **ON_402}},
         "fields.lastName"),
        ("createSubscriber", {**TAXIMAIL, "fields": {"email": "z|:|@b.co", **ON_402}}, "fields.email"),
        ("importSubscribers", {**IMPORT, "items": [{"email": "y@b.co"}, {"email": "z@b.co", "firstName": "|:|"}]},
         "items.1.firstName"),
        ("importSubscribers", {
            **IMPORT, "items": [{"email": "y@b.co", "firstName": "a,b"}],
            "taximail": {"fieldTerminator": "COMMA", "fieldEncloser": "NONE"},
        }, "items.0.firstName"),
        ("importSubscribers", {
            **TAXIMAIL, "listId": "314", "taximail": {"fieldTerminator": "COMMA", "fieldEncloser": "NONE"},
            "items": [{"email": "y@b.co", "customFields": [{"key": "custom_field_215", "value": "a,b"}]}],
        }, "items.0.customFields.0.value"),
    )
)  # fmt: skip
READ_ONLY: Final = (
    Bad("taguchi_v4", "updateSubscriber", {**_id("taguchi_v4"), "fields": {"sendios": {"vip": True}}},
        "fields.sendios", "CAPABILITY_MISSING"),
    Bad("taguchi_v5", "updateSubscriber", {**_id("taguchi_v5"), "fields": {"email": "b@b.co"}}, "fields.email"),
    *(
        Bad("taguchi_v5", "updateSubscriber", {**_id("taguchi_v5"), "fields": {name: value}}, f"fields.{name}",
            "CAPABILITY_MISSING")
        for name, value in (("data", "d"), ("unsubscribedAt", NOON), ("bouncedAt", NOON), ("clusterId", "3"))
    ),
    Bad("taximail", "updateSubscriber", {**_id("taximail"), "fields": {"email": "b@b.co"}}, "fields.email"),
    *(
        Bad("taximail", "updateSubscriber", {**_id("taximail"), "fields": {name: value}}, f"fields.{name}",
            "FIELD_UNSUPPORTED")
        for name, value in (("ref", "r"), ("gender", "F"), ("unsubscribedAt", NOON), ("bouncedAt", NOON))
    ),
    *(
        Bad("sendios", "updateSubscriber", {**_id("sendios"), "fields": {name: value}}, f"fields.{name}",
            "CAPABILITY_MISSING")
        for name, value in (("email", "b@b.co"), ("firstName", "F"), ("unsubscribedAt", NOON), ("data", "d"))
    ),
    Bad("talon_one", "updateSubscriber", {**_id("talon_one"), "fields": {"ref": "other"}}, "fields.ref"),
    *(
        Bad("talon_one", "updateSubscriber", {**_id("talon_one"), "fields": {name: value}}, f"fields.{name}",
            "CAPABILITY_MISSING")
        for name, value in (("unsubscribedAt", NOON), ("bouncedAt", NOON), ("clusterId", "3"))
    ),
)  # fmt: skip
UNKNOWN_TO_THE_SCHEMA: Final = ("vendorId", "subscription", "campaignId", "importId", "audiences", "sourceId")
"""What can be read of a person and never be written, so that no input has it."""

BAD: Final[Mapping[str, tuple[Bad, ...]]] = {
    "named twice": NAMED_TWICE,
    "named by nothing": NAMED_BY_NOTHING,
    "no address": NO_ADDRESS,
    "in the past": IN_THE_PAST,
    "twice in one call": TWICE,
    "divided by a value": DIVIDED,
    "read-only": READ_ONLY,
}
