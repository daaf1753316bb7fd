"""
A write for every mutation at every vendor that can do it, against the sandboxes as they are filled; several where a
mutation becomes one call or another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.sandbox.cast import CAST
from tests.graph.every_writer import id_of

THOMAS: Final = CAST[0].email


@dataclass(frozen=True, slots=True)
class Case:
    """A mutation at a vendor with its input; `also` tells it from another case of the same two."""

    mutation: str
    vendor: str
    given: Mapping[str, Any]
    also: str = ""

    def __str__(self) -> str:
        """Its name."""
        return " ".join(filter(None, (self.vendor, self.mutation, self.also)))


def _v4(kind: str, key: object = 1) -> str:
    return id_of("taguchi_v4", kind, key)


def _v5(key: object = "121293458") -> str:
    return id_of("taguchi_v5", "subscriber", key)


def _user(key: object = 8424) -> str:
    return id_of("sendios", "subscriber", key)


def _contact(number: int, list_id: int = 402) -> str:
    return id_of("taximail", "subscriber", f"{list_id}/{number}")


def _talon(kind: str, key: str) -> str:
    return id_of("talon_one", kind, key)


V4: Final = {"source": "taguchi_v4"}
V5: Final = {"source": "taguchi_v5"}
TAXIMAIL: Final = {"source": "taximail"}
SENDIOS: Final = {"source": "sendios"}
TALON: Final = {"source": "talon_one"}
BASIS: Final = {"consent": {"basis": "Asked at the till."}}
LEAVING: Final = {"memberships": [{"listId": "5", "subscribed": False}]}
ON_402: Final = {"memberships": [{"listId": "402"}]}
DELIMITED: Final = {"type": "DELIMITED", "fieldSeparator": "\\t", "lineSeparator": "\\n"}
MANIFEST: Final = {
    "sources": [
        {
            "href": "https://files.example.com/a.tsv",
            "format": DELIMITED,
            "fields": [{"name": "email", "select": "@0"}],
            "listIds": ["5"],
        }
    ]
}
UNCHECKED: Final = {"recipientsUnchecked": True}
PROOF: Final = {"protocol": "SMTP", "server": "mail", "format": "MIME", "tag": "[P]", "message": "See."}
BY_ADDRESS: Final = {"byEmail": {**SENDIOS, "email": "TEST@example.com", "projectId": "1"}}
NOON: Final = "2026-01-01T12:00:00Z"
LATER: Final = "2999-01-01T00:00:00Z"

OF_TAGUCHI_V4: Final = (
    Case("createSubscriber", "taguchi_v4", {**V4, "fields": {"email": "new@example.org", "birthDate": "1990-02-03"}}),
    Case("updateSubscriber", "taguchi_v4", {"id": _v4("subscriber"), "fields": {"firstName": "Eve", **LEAVING}}),
    Case("upsertSubscriber", "taguchi_v4", {**V4, "fields": {"ref": "crm-9", "title": "Dr"}}),
    Case("setListMembership", "taguchi_v4", {"id": _v4("subscriber"), "listId": "6", "option": "weekly"}),
    Case("setListMembership", "taguchi_v4", {"id": _v4("subscriber"), "listId": "5", "subscribed": False}, "leaving"),
    Case("unsubscribe", "taguchi_v4", {"id": _v4("subscriber")}),
    Case("resubscribe", "taguchi_v4", {"id": _v4("subscriber", 2), "clearBounce": True, **BASIS}),
    Case("createList", "taguchi_v4", {**V4, "fields": {"ref": "l", "name": "L", "data": "d"}}),
    Case("updateList", "taguchi_v4", {"id": _v4("list", 5), "fields": {"name": "M"}, "ifUnchanged": {"name": "News"}}),
    Case("deleteList", "taguchi_v4", {"id": _v4("list", 6)}),
    Case("extractList", "taguchi_v4", {
        "id": _v4("list", 5), "notifyListId": "6", **UNCHECKED,
        "conditions": [{"field": "state", "operator": "EQ", "value": "VIC"}],
    }),
    Case("createCampaign", "taguchi_v4", {**V4, "fields": {"ref": "c", "name": "C", "startsAt": NOON}}),
    Case("updateCampaign", "taguchi_v4", {"id": _v4("campaign"), "fields": {"status": "paused"}}),
    Case("deleteCampaign", "taguchi_v4", {"id": _v4("campaign")}),
    Case("createView", "taguchi_v4", {**V4, "fields": {"name": "V", "predicate": "true"}}),
    Case("updateView", "taguchi_v4", {"id": _v4("view"), "fields": {"name": "W"}}),
    Case("deleteView", "taguchi_v4", {"id": _v4("view")}),
    Case("createTemplate", "taguchi_v4", {
        **V4, "fields": {"name": "T", "revisions": [{"content": "<a/>", "format": "<f/>"}]},
    }),
    Case("updateTemplate", "taguchi_v4", {"id": _v4("template"), "fields": {"revisions": [{"content": "<b/>"}]}}),
    Case("deleteTemplate", "taguchi_v4", {"id": _v4("template")}),
    Case("createActivity", "taguchi_v4", {
        **V4, "fields": {
            "name": "A", "targetListIds": ["5"], "targetViewIds": ["1"], "campaignId": "1", "templateId": "1",
            "scheduledAt": LATER, "throttle": 3,
            "revisions": [{"content": "<a/>", "templateRevisionId": "1", "approvalStatus": "DEPLOYED"}],
        },
    }),
    Case("updateActivity", "taguchi_v4", {"id": _v4("activity"), "fields": {"name": "B"}}),
    Case("deleteActivity", "taguchi_v4", {"id": _v4("activity", 2)}),
    Case("proofActivity", "taguchi_v4", {"id": _v4("activity"), "listId": "5", **PROOF, **UNCHECKED}),
    Case("requestApproval", "taguchi_v4", {"id": _v4("activity", 2), "listId": "5", **PROOF, **UNCHECKED}),
    Case("commentActivity", "taguchi_v4", {"id": _v4("activity"), "message": "Hm"}),
    Case("approveActivity", "taguchi_v4", {"id": _v4("activity", 2), "message": "Fine"}),
    Case("queueActivity", "taguchi_v4", {"id": _v4("activity"), "recipientsUnchecked": True}),
    Case("triggerActivity", "taguchi_v4", {
        "id": _v4("activity"), "test": True, "protocol": "SMTP", "format": "MIME", "date": LATER,
        "recipients": [{"id": _v4("subscriber"), "content": "<ada/>"}, {"ref": "crm-3"}],
    }),
    Case("triggerActivity", "taguchi_v4", {
        "id": _v4("activity"), "expression": "true", "content": "<x/>", "recipientsUnchecked": True,
    }, "by expression"),
    Case("createImport", "taguchi_v4", {**V4, "fields": {"name": "I", "origin": "fair", "manifest": MANIFEST}}),
    Case("updateImport", "taguchi_v4", {"id": _v4("import"), "fields": {"name": "J"}}),
    Case("deleteImport", "taguchi_v4", {"id": _v4("import")}),
    Case("processImport", "taguchi_v4", {"id": _v4("import"), "recipientsUnchecked": True}),
    Case("importSubscribers", "taguchi_v4", {
        **V4, "recipientsUnchecked": True, "taguchi": {"name": "I", "manifest": MANIFEST}, **BASIS,
    }),
)  # fmt: skip
OF_TAGUCHI_V5: Final = (
    Case("createSubscriber", "taguchi_v5", {**V5, "fields": {"email": "new@example.com", "birthDate": "1990-02-03"}}),
    Case("updateSubscriber", "taguchi_v5", {"id": _v5(), "fields": {"firstName": "Tom", **LEAVING}}),
    Case("upsertSubscriber", "taguchi_v5", {**V5, "fields": {"email": "new@example.com", **LEAVING}}),
    Case("upsertSubscribers", "taguchi_v5", {
        **V5, "items": [{"email": "a@example.com", **LEAVING}, {"email": "b@example.com"}],
    }),
    Case("setListMembership", "taguchi_v5", {"id": _v5(), "listId": "99", "subscribed": False, "option": "weekly"}),
    Case("unsubscribe", "taguchi_v5", {"byEmail": {**V5, "email": THOMAS}}),
    Case("anonymizeSubscriber", "taguchi_v5", {"id": _v5()}),
    Case("sendMessage", "taguchi_v5", {
        **V5, "recipients": [{"id": _v5()}], "activityId": "7", "content": {"a": 1}, "allowUnsubscribed": True,
        "sendAt": LATER, "test": True,
    }),
    Case("logEvent", "taguchi_v5", {**V5, "person": {"id": _v5()}, "type": "p", "data": {"total": 1.5}, "test": True}),
    Case("logEvents", "taguchi_v5", {
        **V5, "items": [{"person": {"id": _v5()}, "type": "p"}, {"person": {"email": THOMAS}, "type": "f"}],
    }),
    Case("upsertPartition", "taguchi_v5", {
        **V5, "ref": "perth", "name": "Perth", "customFields": [{"key": "open", "typed": True}],
    }),
)  # fmt: skip
OF_TAXIMAIL: Final = (
    Case("createSubscriber", "taximail", {**TAXIMAIL, "fields": {"email": "new@example.com", **ON_402}}),
    Case("updateSubscriber", "taximail", {"id": _contact(1), "fields": {"firstName": "Changed"}}),
    Case("upsertSubscriber", "taximail", {**TAXIMAIL, "fields": {"email": "new@example.com", **ON_402}}),
    Case("setListMembership", "taximail", {"id": _contact(1), "listId": "402", "subscribed": False}),
    Case("setListMembership", "taximail", {"id": _contact(1), "listId": "517"}, "joining"),
    Case("unsubscribe", "taximail", {"id": _contact(1)}),
    Case("deleteContacts", "taximail", {**TAXIMAIL, "ids": [_contact(1), _contact(2), _contact(1, 174)]}),
    Case("importSubscribers", "taximail", {
        **TAXIMAIL, "listId": "402", "items": [{"email": "a@example.com"}, {"email": "b@example.com"}],
        "taximail": {
            "fieldTerminator": "TAB", "fieldEncloser": "DOUBLE_QUOTE", "updateDuplicates": True,
            "notSendOptinEmail": False, "addToSuppressionList": "GLOBAL",
        },
    }),
)  # fmt: skip
OF_SENDIOS: Final = (
    Case("updateSubscriber", "sendios", {
        "id": _user(), "fields": {"gender": "f", "sendios": {"vip": True, "platformNumber": 3}},
    }),
    Case("updateSubscriber", "sendios", {**BY_ADDRESS, "fields": {"gender": "f"}}, "by address"),
    Case("unsubscribe", "sendios", {"id": _user(), "cause": "SETTINGS"}),
    Case("unsubscribe", "sendios", BY_ADDRESS, "by address"),
    Case("resubscribe", "sendios", {"id": _user(), **BASIS}),
    Case("unsubscribeFromTypes", "sendios", {"id": _user(), "change": "ADD", "typeIds": ["4"]}),
    Case("unsubscribeFromTypes", "sendios", {"id": _user(), "change": "REPLACE", "typeIds": ["4"], **BASIS}, "all of"),
    Case("unsubscribeFromTypes", "sendios", {"id": _user(), "change": "REMOVE", "typeIds": ["4"], **BASIS}, "without"),
    Case("unsubscribeFromTypes", "sendios", {"id": _user(), "change": "CLEAR", **BASIS}, "none"),
    Case("eraseSubscriber", "sendios", {"id": _user(), "force": True}),
    Case("recordPayment", "sendios", {
        "id": _user(), "startsAt": NOON, "expiresAt": LATER, "paymentType": 1, "amount": 20.0, "mailId": "16000000001",
    }),
    Case("linkClientUser", "sendios", {**BY_ADDRESS, "ref": "shop-1"}),
    Case("confirmUser", "sendios", {**BY_ADDRESS, "reactedAt": NOON}),
    Case("markOnline", "sendios", {"id": _user(), "seenAt": NOON}),
    Case("markOnline", "sendios", {**BY_ADDRESS, "seenAt": NOON}, "by address"),
    Case("sendMessage", "sendios", {
        **SENDIOS, "recipients": [{"id": _user()}], "content": {"a": 1},
        "sendios": {
            "kind": "TRIGGER", "typeId": "1", "templateId": "55", "subjectId": "66", "meta": {"order": 7},
            "user": {"name": "Ann", "gender": "f", "language": "en", "country": "UA", "age": 40, "ref": "r"},
        },
    }),
    Case("sendMessage", "sendios", {
        **SENDIOS, "recipients": [{"email": "new@gmail.com"}],
        "sendios": {"kind": "SYSTEM", "typeId": "1", "projectId": "1"},
    }, "to somebody new"),
)  # fmt: skip
OF_TALON_ONE: Final = (
    Case("createSubscriber", "talon_one", {**TALON, "fields": {"ref": "n 1", "email": "new@example.com"}}),
    Case("updateSubscriber", "talon_one", {"id": _talon("subscriber", "c 1"), "fields": {"email": "b@example.com"}}),
    Case("upsertSubscriber", "talon_one", {**TALON, "fields": {"ref": "n 1", "email": "new@example.com"}}),
    Case("updateCustomerProfile", "talon_one", {
        "id": _talon("subscriber", "c 1"), "attributes": {"Tier": "x", "Points": None}, "skipUnknownAttributes": True,
        "runRules": True, "join": ["1"], "leave": ["2"],
    }),
    Case("changeCustomerAudiences", "talon_one", {
        "byKey": {**TALON, "ref": "c 1"}, "joinRefs": ["e/1"], "leaveRefs": ["ext 1"],
    }),
    Case("changeCustomerAudiences", "talon_one", {"byKey": {**TALON, "ref": "c 1"}, "join": ["5"]}, "by number"),
    Case("changeAudiences", "talon_one", {
        **TALON, "items": [{"ref": "c 1", "join": ["1"]}, {"ref": "n", "joinRefs": ["e/1"], "leaveRefs": ["ext 1"]}],
    }),
    Case("createAudience", "talon_one", {**TALON, "ref": "winter", "name": "Winter"}),
    Case("updateAudience", "talon_one", {"id": _talon("audience", "4"), "name": "Away"}),
    Case("updateAudience", "talon_one", {**TALON, "ref": "e/1", "name": "Away"}, "by reference"),
    Case("deleteAudience", "talon_one", {**TALON, "ref": "e/1"}),
)  # fmt: skip
CASES: Final = (*OF_TAGUCHI_V4, *OF_TAGUCHI_V5, *OF_TAXIMAIL, *OF_SENDIOS, *OF_TALON_ONE)
