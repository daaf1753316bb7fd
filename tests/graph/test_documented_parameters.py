"""Every parameter that a vendor's document names for a write can be given, and is sent by the document's name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from tests.graph.every_writer import id_of, open_writing
from tests.graph.write_cases import (
    BASIS,
    BY_ADDRESS,
    LATER,
    MANIFEST,
    NOON,
    PROOF,
    SENDIOS,
    TALON,
    TAXIMAIL,
    THOMAS,
    UNCHECKED,
    V4,
    V5,
    Case,
)


@dataclass(frozen=True, slots=True)
class Documented:
    """Writes that together say all there is to say of a call, and the names the document has for it."""

    section: str
    names: str
    cases: tuple[Case, ...]


def _v4(mutation: str, kind: str, given: Mapping[str, Any], key: int = 1) -> Case:
    return Case(mutation, "taguchi_v4", {"id": id_of("taguchi_v4", kind, key), **given})


def _user(mutation: str, **given: Any) -> Case:
    return Case(mutation, "sendios", {"id": id_of("sendios", "subscriber", 8424), **given})


ADDRESS: Final = {
    "title": "Dr", "firstName": "A", "lastName": "B", "address": "1", "address2": "2", "address3": "3", "suburb": "S",
    "state": "VIC", "country": "AU", "postcode": "3000", "gender": "F", "birthDate": "1990-02-03",
    "notifications": "n", "extra": "e",
}  # fmt: skip
OWN: Final = {
    "name": "Ann", "language": "en", "platformNumber": 3, "listId": "7", "ak": "k", "age": 40, "photo": "https://x/y",
    "channelId": "1", "subchannelId": "2", "vip": True,
}  # fmt: skip
OF_TAGUCHI_V4: Final = (
    Documented(
        "Subscriber Resource, Common Fields, Custom Fields and List Memberships",
        "ref title firstname lastname notifications extra phone mobile dob address address2 address3 suburb state "
        "country postcode gender email bounced data cluster_id custom_fields field lists list_id unsubscribed option",
        (Case("createSubscriber", "taguchi_v4", {**V4, "fields": {
            **ADDRESS, "ref": "n", "email": "n@example.org", "phone": "1", "mobile": "2", "data": "<x/>",
            "clusterId": "1", "bouncedAt": NOON, "customFields": [{"key": "k", "value": "v"}],
            "memberships": [{"listId": "5", "option": "weekly"}],
        }}),),
    ),
    Documented("Subscriber Resource, unsubscribed", "unsubscribed", (_v4("unsubscribe", "subscriber", {"at": NOON}),)),
    Documented(
        "List Memberships, unsubscribed", "lists list_id unsubscribed",
        (_v4("setListMembership", "subscriber", {"listId": "5", "subscribed": False, "leftAt": NOON}),),
    ),
    Documented(
        "Subscriber Resource, bounced", "unsubscribed bounced",
        (_v4("resubscribe", "subscriber", {"clearBounce": True, **BASIS}, 2),),
    ),
    Documented(
        "Activity Resource, Common Fields",
        "ref name type subtype status target_lists target_views date throttle data campaign_id template_id revisions "
        "content template_revision_id approval_status",
        (Case("createActivity", "taguchi_v4", {**V4, "fields": {
            "ref": "a", "name": "A", "type": "t", "subtype": "s", "status": "active", "targetListIds": ["5"],
            "targetViewIds": ["1"], "scheduledAt": LATER, "throttle": 3, "data": "<x/>", "campaignId": "1",
            "templateId": "1",
            "revisions": [{"content": "<a/>", "templateRevisionId": "1", "approvalStatus": "DEPLOYED"}],
        }}),),
    ),
    Documented(
        "Activity Resource, PROOF", "list_id subscriber_id revision_id protocol server format tag message",
        (
            _v4("proofActivity", "activity", {"listId": "5", "revisionId": "1", **PROOF, **UNCHECKED}),
            _v4("proofActivity", "activity", {"recipients": [{"id": id_of("taguchi_v4", "subscriber", 1)}], **PROOF}),
        ),
    ),
    Documented(
        "Activity Resource, APPROVAL", "list_id revision_id protocol server format tag message",
        (_v4("requestApproval", "activity", {"listId": "5", "revisionId": "1", **PROOF, **UNCHECKED}),),
    ),
    Documented("Activity Resource, COMMENT", "message", (_v4("commentActivity", "activity", {"message": "Hm"}),)),
    Documented("Activity Resource, APPROVE", "message", (_v4("approveActivity", "activity", {"message": "Hm"}, 2),)),
    Documented(
        "Activity Resource, TRIGGER", "date conditions test protocol server format request_content",
        (_v4("triggerActivity", "activity", {
            "date": LATER, "test": True, "protocol": "SMTP", "server": "mail", "format": "MIME",
            "recipients": [{"id": id_of("taguchi_v4", "subscriber", 1), "content": "<a/>"}],
        }),),
    ),
    Documented(
        "Campaign Resource", "ref name date success_event_ref status data",
        (Case("createCampaign", "taguchi_v4", {**V4, "fields": {
            "ref": "c", "name": "C", "startsAt": NOON, "successEventRef": "p", "status": "active", "data": "<x/>",
        }}),),
    ),
    Documented(
        "List Resource", "ref name status data",
        (Case("createList", "taguchi_v4", {**V4, "fields": {
            "ref": "l", "name": "L", "status": "active", "data": "<x/>",
        }}),),
    ),
    Documented(
        "List Resource, EXTRACT", "notify query",
        (_v4("extractList", "list", {
            "notifyListId": "6", **UNCHECKED, "conditions": [{"field": "state", "operator": "EQ", "value": "VIC"}],
        }, 5),),
    ),
    Documented(
        "Import Resource", "ref name source manifest status params",
        (Case("createImport", "taguchi_v4", {**V4, "fields": {
            "ref": "i", "name": "I", "origin": "fair", "manifest": MANIFEST, "status": "active", "params": "<x/>",
        }}),),
    ),
    Documented(
        "View Resource", "ref name predicate status",
        (Case("createView", "taguchi_v4", {**V4, "fields": {
            "ref": "v", "name": "V", "predicate": "true", "status": "active",
        }}),),
    ),
    Documented(
        "Template Resource", "ref name type subtype status data revisions content format",
        (Case("createTemplate", "taguchi_v4", {**V4, "fields": {
            "ref": "t", "name": "T", "type": "t", "subtype": "s", "status": "active", "data": "<x/>",
            "revisions": [{"content": "<a/>", "format": "<f/>"}],
        }}),),
    ),
)  # fmt: skip
OF_TAGUCHI_V5: Final = (
    Documented(
        "facts 2.2, profile",
        "profile organizationId ref email phone title firstname lastname dob address address2 address3 suburb state "
        "country postcode gender notifications extra custom lists listId unsubscribedTimestamp subscriptionOption",
        (Case("upsertSubscriber", "taguchi_v5", {**V5, "fields": {
            **ADDRESS, "ref": "n", "email": "n@example.org", "phone": "0400 000 000",
            "customFields": [{"key": "tier", "typed": "gold"}],
            "memberships": [{"listId": "5", "subscribed": False, "option": "weekly", "leftAt": NOON}],
        }}),),
    ),
    Documented(
        "facts 2.2, profile, unsubscribedTimestamp", "profile organizationId email unsubscribedTimestamp",
        (Case("unsubscribe", "taguchi_v5", {"byEmail": {**V5, "email": THOMAS}, "at": NOON}),),
    ),
    Documented(
        "facts 2.2, event and target objects", "event target id ref email phone type data isTest",
        (Case("logEvent", "taguchi_v5", {
            **V5, "person": {"id": id_of("taguchi_v5", "subscriber", 121293458), "ref": "r", "email": THOMAS,
                             "phone": "+61400000000"},
            "type": "p", "data": {"total": 1}, "test": True,
        }),),
    ),
    Documented(
        "facts 2.2, message send object",
        "message target email isTest requestContent sendTimestamp activityId",
        (Case("sendMessage", "taguchi_v5", {
            **V5, "recipients": [{"email": THOMAS}], "activityId": "7", "content": {"a": 1}, "sendAt": LATER,
            "test": True, "allowUnsubscribed": True,
        }),),
    ),
)  # fmt: skip
OF_TAXIMAIL: Final = (
    Documented(
        "Importing",
        "mode_import subscribers_data path_file matched_fields[] field_terminator field_encloser update_duplicates "
        "not_send_optin_email add_to_suppression_list",
        (
            Case("importSubscribers", "taximail", {
                **TAXIMAIL, "listId": "402", "items": [{"email": "a@example.com"}],
                "taximail": {"fieldEncloser": "DOUBLE_QUOTE"},
            }),
            Case("importSubscribers", "taximail", {
                **TAXIMAIL, "listId": "402", "recipientsUnchecked": True, **BASIS,
                "taximail": {"mode": "FROM_FILE", "pathFile": "a.csv", "matchedFields": ["email", "0"]},
            }),
        ),
    ),
    Documented("Updating", "custom_field[CustomFieldfirstname]", (Case("updateSubscriber", "taximail", {
        "id": id_of("taximail", "subscriber", "402/1"), "fields": {"firstName": "C"},
    }),)),
    Documented("Selecting and Deleting", "subscribers_id", (Case("deleteContacts", "taximail", {
        **TAXIMAIL, "ids": [id_of("taximail", "subscriber", "402/1")],
    }),)),
    Documented("Unsubscribing", "email", (Case("unsubscribe", "taximail", {
        "id": id_of("taximail", "subscriber", "402/1"),
    }),)),
)  # fmt: skip
OF_SENDIOS: Final = (
    Documented(
        "FAQ 8 and facts 4.3, push",
        "type_id project_id email data user name gender platform_id country_id list_id client_user_id ak age photo "
        "language_id channel_id subchannel_id vip meta transactional_mail_settings template_id subject_id",
        (Case("sendMessage", "sendios", {
            **SENDIOS, "recipients": [{"email": "new@gmail.com"}], "content": {"a": 1},
            "sendios": {
                "kind": "SYSTEM", "typeId": "1", "projectId": "1", "templateId": "5", "subjectId": "6",
                "meta": {"order": 7}, "user": {**OWN, "gender": "f", "country": "UA", "ref": "r"},
            },
        }),),
    ),
    Documented(
        "facts 4.3, user fields",
        "name gender platform_id country list_id client_user_id ak age photo language channel_id subchannel_id vip "
        "city",
        (_user("updateSubscriber", fields={"gender": "f", "country": "UA", "suburb": "Kyiv", "ref": "r",
                                           "sendios": OWN}),),
    ),
    Documented(
        "facts 4.2, payment", "user_id start_date expire_date payment_type amount mail_id",
        (_user("recordPayment", startsAt=NOON, expiresAt=LATER, paymentType=1, amount=2.5, mailId="16000000001"),),
    ),
    Documented("facts 4.2, erase", "email project_id force_delete", (_user("eraseSubscriber", force=True),)),
    Documented(
        "facts 4.2, link product id", "email project_id client_user_id",
        (Case("linkClientUser", "sendios", {**BY_ADDRESS, "ref": "r"}),),
    ),
    Documented(
        "facts 4.2, confirm", "last_reaction project_id encoded_email",
        (Case("confirmUser", "sendios", {**BY_ADDRESS, "reactedAt": NOON}),),
    ),
    Documented(
        "facts 4.2, online", "timestamp user_id project_id encoded_email",
        (_user("markOnline", seenAt=NOON), Case("markOnline", "sendios", {**BY_ADDRESS, "seenAt": NOON})),
    ),
    Documented(
        "facts 4.2, type opt-outs", "type_ids", (_user("unsubscribeFromTypes", change="ADD", typeIds=["4"]),)
    ),
)  # fmt: skip
C1: Final = {"byKey": {**TALON, "ref": "c 1"}}
OF_TALON_ONE: Final = (
    Documented(
        "facts 5.2, customer_profile",
        "skipNonExistingAttributes attributes runRuleEngine audiencesChanges adds deletes",
        (Case("updateCustomerProfile", "talon_one", {
            **C1, "attributes": {}, "skipUnknownAttributes": True, "runRules": True, "join": ["1"], "leave": ["2"],
        }),),
    ),
    Documented(
        "facts 5.2, customer_profile/…/audiences", "data adds deletes",
        (Case("changeCustomerAudiences", "talon_one", {**C1, "joinRefs": ["e/1"], "leaveRefs": ["ext 1"]}),),
    ),
    Documented(
        "facts 5.2, customer_profiles/audiences", "data customerProfileId adds deletes",
        (Case("changeAudiences", "talon_one", {
            **TALON, "items": [{"ref": "c 1", "join": ["1"], "leave": ["2"]},
                               {"ref": "c 2", "joinRefs": ["e/1"], "leaveRefs": ["ext 1"]}],
        }),),
    ),
    Documented(
        "facts 5.2, audiences", "audienceId audienceName",
        (
            Case("createAudience", "talon_one", {**TALON, "ref": "w", "name": "W"}),
            Case("updateAudience", "talon_one", {**TALON, "ref": "e/1", "name": "W"}),
        ),
    ),
)  # fmt: skip
DOCUMENTED: Final = (*OF_TAGUCHI_V4, *OF_TAGUCHI_V5, *OF_TAXIMAIL, *OF_SENDIOS, *OF_TALON_ONE)


LATER_MEMBERSHIP: Final = {"listId": "5", "subscribed": False, "leftAt": LATER}
REFUSED: Final[Mapping[str, tuple[Case, str]]] = {
    "to come": (_v4("unsubscribe", "subscriber", {"at": LATER}), "input.at"),
    "to come, of a list": (_v4("setListMembership", "subscriber", LATER_MEMBERSHIP), "input.leftAt"),
    "joining": (_v4("setListMembership", "subscriber", {"listId": "5", "leftAt": NOON}), "input.leftAt"),
    "a bounce to come": (
        _v4("updateSubscriber", "subscriber", {"fields": {"bouncedAt": LATER}}), "input.fields.bouncedAt",
    ),
    "a bounce cleared": (
        _v4("updateSubscriber", "subscriber", {"fields": {"bouncedAt": None}}), "input.fields.bouncedAt",
    ),
    "V5, to come": (
        Case("unsubscribe", "taguchi_v5", {"byEmail": {**V5, "email": THOMAS}, "at": LATER}), "input.at",
    ),
    "V5, of a list": (
        Case("upsertSubscriber", "taguchi_v5", {
            **V5, "fields": {"email": "n@example.org", "memberships": [LATER_MEMBERSHIP]},
        }),
        "input.fields.memberships.0.leftAt",
    ),
    "V5, a bounce": (
        Case("upsertSubscriber", "taguchi_v5", {**V5, "fields": {"email": "n@example.org", "bouncedAt": NOON}}),
        "input.fields.bouncedAt",
    ),
    "Taximail": (
        Case("createSubscriber", "taximail", {
            **TAXIMAIL, "fields": {
                "email": "n@example.org", "memberships": [{"listId": "402", "subscribed": False, "leftAt": NOON}],
            },
        }),
        "input.fields.memberships.0.leftAt",
    ),
    "Sendios": (_user("unsubscribe", at=NOON), "input.at"),
}  # fmt: skip


@pytest.mark.parametrize(("case", "path"), REFUSED.values(), ids=REFUSED)
async def test_times_that_cannot_be_sent_are_refused(case: Case, path: str) -> None:
    """An opt-out would be dated to tomorrow, a bounce be cleared unseen, or a time be dropped without a word."""
    name = f"{case.mutation[0].upper()}{case.mutation[1:]}"
    query = f"mutation($input: {name}Input!) {{ {case.mutation}(input: $input) {{ warnings }} }}"
    async with open_writing(case.vendor) as world:
        answer = await world.ask(query, input=case.given)
        written = world.list_writes(case.vendor)

    (error,) = answer["errors"]
    assert written == []
    assert ".".join(map(str, error["extensions"]["inputPath"])) == path


def list_names(request: Mapping[str, Any]) -> Iterator[str]:
    """The names of everything a request says: in its query, its form, or anywhere in its JSON."""
    yield from parse_qs(urlsplit(request["url"]).query)
    body = request["body"]
    yield from dict(parse_qsl(body, keep_blank_values=True)) if isinstance(body, str) else _walk(body)


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each)


@pytest.mark.parametrize("known", DOCUMENTED, ids=lambda known: f"{known.cases[0].vendor} {known.section}")
async def test_every_documented_parameter_is_sent(known: Documented) -> None:
    """What a vendor can be told and a caller cannot say would need another client beside the graph."""
    async with open_writing(known.cases[0].vendor) as world:
        planned = [await world.write(case.mutation, **case.given, dryRun=True) for case in known.cases]
    sent = {name for each in planned for request in each["requests"] for name in list_names(request)}

    assert set(known.names.split()) - sent == set()
