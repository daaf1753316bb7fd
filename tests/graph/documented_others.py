"""
Every write of the other vendors with all that can be said of it.

Source: taguchi-v5-integration.txt, taximail-contacts.txt, sendios-faq.txt and talon-one-cdp.txt, with vendors/facts.md
by its sections where these name no parameters.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.sandbox.cast import CAST
from tests.graph.documented import Asked, Documented, Request, ask
from tests.graph.every_writer import id_of
from tests.graph.write_cases import BASIS, BY_ADDRESS, LATER, NOON, SENDIOS, TALON, TAXIMAIL, THOMAS, UNCHECKED, V5

NOON_S, LATER_S = 1767268800, 32472144000
COMMIT: Final = ("GET list/402/subscribers/{key_import}/commit/{token}", None)


def _v5(mutation: str, given: Mapping[str, Any], *items: Any) -> Asked:
    return ask("taguchi_v5", mutation, given, ("POST subscriber", [*items]))


ADDRESS: Final = {
    "title": "Dr", "address": "1", "address2": "2", "address3": "3", "suburb": "S", "state": "VIC", "country": "AU",
    "postcode": "3000", "gender": "F", "notifications": "n", "extra": "e", "ref": "n", "email": "n@example.org",
}  # fmt: skip
PROFILE: Final = {
    **ADDRESS, "firstName": "A", "lastName": "B", "birthDate": "1990-02-03", "phone": "0400 000 000",
    "customFields": [
        {"key": "tier", "value": "gold"}, {"key": "points", "value": None, "typed": 12.5},
        {"key": "gone", "value": None}, {"key": "tags", "value": None, "typed": ["a", {"b": True}]},
    ],
    "memberships": [{"listId": "5", "subscribed": False, "option": "weekly", "leftAt": NOON}],
}  # fmt: skip
PROFILE_WIRE: Final = {
    **ADDRESS, "organizationId": 482, "firstname": "A", "lastname": "B", "dob": "1990-02-03", "phone": "+61400000000",
    "custom": {"tier": "gold", "points": 12.5, "gone": None, "tags": ["a", {"b": True}]},
    "lists": [{"listId": 5, "unsubscribedTimestamp": NOON, "subscriptionOption": "weekly"}],
}  # fmt: skip
JOINING: Final = {"listId": 99, "unsubscribedTimestamp": None, "subscriptionOption": "x"}
THOMAS_V5: Final = id_of("taguchi_v5", "subscriber", 121293458)
TARGET: Final = {"id": 121293458, "ref": "r", "email": THOMAS, "phone": "+61400000000"}
BY_EMAIL: Final = {"byEmail": {**V5, "email": THOMAS}}
OF_TAGUCHI_V5: Final = (
    Documented(
        "facts 2.2, profile", " ".join(PROFILE_WIRE),
        (
            _v5("upsertSubscriber", {**V5, "fields": PROFILE}, {"profile": PROFILE_WIRE}),
            _v5("createSubscriber", {**V5, "fields": {"email": "o@example.org"}}, {
                "profile": {"organizationId": 482, "email": "o@example.org"},
            }),
            _v5("updateSubscriber", {**BY_EMAIL, "fields": {"title": None}}, {
                "profile": {"organizationId": 482, "email": THOMAS, "title": None},
            }),
            _v5("upsertSubscribers", {**V5, "items": [PROFILE, {"email": "p@example.org"}]}, *(
                {"profile": each} for each in (PROFILE_WIRE, {"organizationId": 482, "email": "p@example.org"})
            )),
        ),
    ),
    Documented(
        "facts 2.2 and 2.3, lists and unsubscribedTimestamp",
        "organizationId email lists listId unsubscribedTimestamp subscriptionOption",
        (
            _v5("setListMembership", {**BY_EMAIL, "listId": "99", "option": "x", **BASIS}, {
                "profile": {"organizationId": 482, "email": THOMAS, "lists": [JOINING]},
            }),
            _v5("unsubscribe", {**BY_EMAIL, "at": NOON}, {
                "profile": {"organizationId": 482, "email": THOMAS, "unsubscribedTimestamp": NOON},
            }),
        ),
    ),
    Documented(
        "facts 2.2, event and target objects", "event target id ref email phone type data isTest",
        (
            _v5("logEvent", {
                **V5, "person": {**TARGET, "id": THOMAS_V5}, "type": "p", "data": {"total": 12.5}, "test": True,
            }, {"event": {"target": TARGET, "type": "p", "data": {"total": 12.5}, "isTest": True}}),
            _v5("logEvents", {**V5, "items": [
                {"person": {"email": THOMAS, "phone": "+61400000000"}, "type": "p"},
                {"person": {"id": THOMAS_V5}, "type": "f", "data": {"a": [1]}},
            ]}, {"event": {"target": {"email": THOMAS, "phone": "+61400000000"}, "type": "p"}}, {
                "event": {"target": {"id": 121293458}, "type": "f", "data": {"a": [1]}},
            }),
        ),
    ),
    Documented(
        "facts 2.2, message send object", "message target isTest requestContent sendTimestamp activityId",
        (
            _v5("sendMessage", {
                **V5, "activityId": "7", "content": {"a": 1}, "sendAt": LATER, "test": True, "allowUnsubscribed": True,
                "recipients": [{"email": THOMAS, "content": {"a": 2}}, {"ref": CAST[1].ref}],
            }, *({"message": {
                "target": target, "isTest": True, "requestContent": content, "sendTimestamp": LATER, "activityId": 7,
            }} for target, content in (({"email": THOMAS}, {"a": 2}), ({"ref": CAST[1].ref}, {"a": 1})))),
        ),
    ),
    Documented(
        "Allow partition creation and updates, identified by External ID", "partition ref name custom",
        (ask("taguchi_v5", "upsertPartition", {
            **V5, "ref": "perth", "name": "Perth", "customFields": [{"key": "open", "value": None, "typed": True}],
        }, ("POST partition", [{"partition": {"ref": "perth", "name": "Perth", "custom": {"open": True}}}])),),
    ),
    Documented(
        "Allow profile anonymization, identified by email", "email",
        (ask("taguchi_v5", "anonymizeSubscriber", {"byEmail": {**V5, "email": "thomas_1@example.com"}}, (
            "DELETE subscriber?email=thomas_1%40example.com", None,
        )),),
    ),
)  # fmt: skip


def _form(rows: str, *matched: str, around: tuple[tuple[str, str], ...], **options: str) -> list[tuple[str, str]]:
    """A form of pasted rows, its parameters in the order of the document's example."""
    said = {"update_duplicates": "true", "not_send_optin_email": "true", "add_to_suppression_list": "none", **options}
    names = [("matched_fields[]", name) for name in matched]
    return [("mode_import", "copyandpaste"), ("subscribers_data", rows), *around, *names, *said.items()]


def _import(given: Mapping[str, Any], *received: Request, refused: bool = False) -> Asked:
    return ask("taximail", "importSubscribers", {**TAXIMAIL, "listId": "402", **given}, *received, refused=refused)


def _paste(items: list[Any], options: Mapping[str, Any], form: list[tuple[str, str]]) -> Asked:
    return _import({"items": items, "taximail": options}, ("POST list/402/subscribers/import", form), COMMIT)


NAME: Final = "custom_field_222"
ANN: Final = {"email": "a@example.com", "firstName": "Ann", "customFields": [{"key": NAME, "value": "A B"}]}
BOB: Final = {"email": "b@example.com", "firstName": "Bob", "customFields": [{"key": NAME, "value": "B, C"}]}
FILE: Final = {
    "mode": "FROM_FILE", "pathFile": "in/a.csv", "matchedFields": ["email", "0", "custom_field_222", "0", "CITY"],
    "fieldTerminator": "SEMICOLON", "fieldEncloser": "SINGLE_QUOTE", "updateDuplicates": False,
}  # fmt: skip
CONTACT: Final = id_of("taximail", "subscriber", "402/1")
OF_TAXIMAIL: Final = (
    Documented(
        "Importing, copyandpaste, and Results for imported contact",
        "mode_import subscribers_data matched_fields[] field_terminator field_encloser update_duplicates "
        "not_send_optin_email add_to_suppression_list",
        (
            _paste([ANN], {}, _form(
                "a@example.com,A B,Ann", "email", "222", "firstname", around=(("field_terminator", ","),),
            )),
            _paste([BOB], {"fieldTerminator": "TAB", "fieldEncloser": "DOUBLE_QUOTE", "updateDuplicates": False}, _form(
                '"b@example.com"\t"B, C"\t"Bob"', "email", "222", "firstname",
                around=(("field_terminator", "tap"), ("field_encloser", "double quote")), update_duplicates="false",
            )),
            _paste([{"email": "c@example.com"}, {"email": "d@example.com"}], {
                "mode": "COPY_AND_PASTE", "fieldTerminator": "SEMICOLON", "fieldEncloser": "SINGLE_QUOTE",
                "notSendOptinEmail": False, "addToSuppressionList": "GLOBAL",
            }, _form(
                "'c@example.com'|:|'d@example.com'", "email",
                around=(("field_terminator", "semicolon"), ("field_encloser", "single quote")),
                not_send_optin_email="false", add_to_suppression_list="global",
            )),
            ask("taximail", "createSubscriber", {**TAXIMAIL, "fields": {
                "email": "e@example.com", "memberships": [{"listId": "402"}],
            }}, ("POST list/402/subscribers/import", _form(
                "e@example.com", "email", around=(("field_terminator", ","),), update_duplicates="false",
            )), COMMIT),
            ask("taximail", "upsertSubscriber", {**TAXIMAIL, "fields": {
                "email": "f@example.com", "lastName": "F", "memberships": [{"listId": "402"}],
            }}, ("POST list/402/subscribers/import", _form(
                "f@example.com,F", "email", "lastname", around=(("field_terminator", ","),),
            )), COMMIT),
        ),
    ),
    Documented(
        "Importing, fromfile",
        "mode_import path_file matched_fields[] field_terminator field_encloser update_duplicates "
        "not_send_optin_email add_to_suppression_list",
        (_import({"taximail": FILE, **UNCHECKED, **BASIS}, ("POST list/402/subscribers/import", [
            ("mode_import", "fromfile"), ("path_file", "in/a.csv"), ("field_terminator", "semicolon"),
            ("field_encloser", "single quote"), ("matched_fields[]", "email"), ("matched_fields[]", "0"),
            ("matched_fields[]", "222"), ("matched_fields[]", "0"), ("matched_fields[]", "CITY"),
            ("update_duplicates", "false"), ("not_send_optin_email", "true"), ("add_to_suppression_list", "none"),
        ]), refused=True),),
    ),
    Documented(
        "Updating", "custom_field[CustomField222] custom_field[CustomField225]",
        (ask("taximail", "updateSubscriber", {"id": CONTACT, "fields": {"customFields": [
            {"key": "custom_field_222", "value": "Adam doe"}, {"key": "custom_field_225", "value": None, "typed": 7},
        ]}}, ("PUT list/402/subscribers/1", [
            ("custom_field[CustomField222]", "Adam doe"), ("custom_field[CustomField225]", "7"),
        ])),),
    ),
    Documented(
        "Selecting and Deleting", "subscribers_id",
        (ask(
            "taximail", "deleteContacts", {
                **TAXIMAIL, "ids": [id_of("taximail", "subscriber", f"402/{number}") for number in (2, 3)],
            },
            ("POST list/402/subscribers/selection", [("subscribers_id", "2,3")]),
            ("DELETE list/402/subscribers/selection/{token}", None),
        ),),
    ),
    Documented("Unsubscribing", "email", (
        ask("taximail", "unsubscribe", {"id": CONTACT}, (
            "POST list/402/subscribers/unsubscribe", [("email", "OLIVER_25@EXAMPLE.COM")],
        )),
        ask("taximail", "setListMembership", {
            "byEmail": {**TAXIMAIL, "email": THOMAS, "listId": "314"}, "listId": "314", "subscribed": False,
        }, ("POST list/314/subscribers/unsubscribe", [("email", "THOMAS_1@EXAMPLE.COM")])),
    )),
)  # fmt: skip


def _user(mutation: str, given: Mapping[str, Any], line: str, body: Any = None) -> Asked:
    return ask("sendios", mutation, {"id": id_of("sendios", "subscriber", 8424), **given}, (line, body))


def _address(mutation: str, given: Mapping[str, Any], line: str, body: Any = None) -> Asked:
    return ask("sendios", mutation, {**BY_ADDRESS, **given}, (line, body))


def _types(change: str, given: Mapping[str, Any], line: str, body: Any = None) -> Asked:
    return _user("unsubscribeFromTypes", {"change": change, **given}, f"{line}/8424", body)


HASH: Final = "dGVzdEBleGFtcGxlLmNvbQ=="
OWN: Final = {
    "name": "Ann", "language": "en", "platformNumber": 0, "listId": "7", "ak": "k", "age": 40, "photo": "https://x/y",
    "channelId": "1", "subchannelId": "2", "vip": True,
}  # fmt: skip
OWN_WIRE: Final = {
    "name": "Ann", "platform_id": 0, "list_id": 7, "ak": "k", "age": 40, "photo": "https://x/y", "channel_id": 1,
    "subchannel_id": 2, "vip": 1, "gender": "f", "client_user_id": "r",
}  # fmt: skip
PUSH_WIRE: Final = {**OWN_WIRE, "language_id": "en", "country_id": "UA"}
USER: Final = {**OWN, "gender": "f", "country": "UA", "ref": "r"}
FIELDS_WIRE: Final = {**OWN_WIRE, "language": "en", "country": "UA", "city": "Kyiv", "size": 42}
FIELDS: Final = {
    "gender": "f", "country": "UA", "suburb": "Kyiv", "ref": "r", "sendios": OWN,
    "customFields": [{"key": "size", "value": None, "typed": 42}],
}  # fmt: skip
SYSTEM: Final = {"kind": "SYSTEM", "typeId": "1", "projectId": "1"}
OF_SENDIOS: Final = (
    Documented(
        "FAQ 8 and facts 4.3, push",
        f"type_id project_id email data user meta transactional_mail_settings template_id subject_id "
        f"{' '.join(PUSH_WIRE)}",
        tuple(
            ask("sendios", "sendMessage", {
                **SENDIOS, "recipients": [{"email": "new@gmail.com"}], "content": {"some": "hi"},
                "sendios": {
                    **SYSTEM, "kind": kind.upper(), "templateId": "55", "subjectId": "66", "meta": {"order": 7},
                    "user": USER,
                },
            }, (f"POST v1/push/{kind}", {
                "type_id": 1, "project_id": 1, "email": "new@gmail.com",
                "data": {"some": "hi", "user": PUSH_WIRE, "meta": {"order": 7}},
                "transactional_mail_settings": {"template_id": 55, "subject_id": 66},
            }))
            for kind in ("system", "trigger")
        ),
    ),
    Documented(
        "FAQ 7 and facts 4.3, user fields", " ".join(FIELDS_WIRE),
        (
            _user("updateSubscriber", {"fields": FIELDS}, "PUT v1/userfields/user/8424", FIELDS_WIRE),
            _address(
                "updateSubscriber", {"fields": FIELDS}, f"PUT v1/userfields/project/1/emailhash/{HASH}", FIELDS_WIRE
            ),
        ),
    ),
    Documented(
        "facts 4.2 and 4.4, unsub", "",
        (
            _address("unsubscribe", {}, f"POST v1/unsub/admin/1/email/{HASH}"),
            _user("resubscribe", BASIS, "DELETE v1/unsub/8424"),
            *(
                _user("unsubscribe", {"cause": cause}, f"POST v1/unsub/8424/source/{number}")
                for cause, number in (("ABUSE_REPORT", 2), ("LINK", 4), ("CLIENT", 8), ("SETTINGS", 9), (None, 8))
            ),
        ),
    ),
    Documented(
        "facts 4.2, unsubtypes", "type_ids",
        (
            _types("ADD", {"typeIds": ["4", "5"]}, "POST v1/unsubtypes/nodiff", {"type_ids": [4, 5]}),
            _types("REPLACE", {"typeIds": ["5"], **BASIS}, "POST v1/unsubtypes", {"type_ids": [5]}),
            _types("REMOVE", {"typeIds": ["5"], **BASIS}, "DELETE v1/unsubtypes/nodiff", {"type_ids": [5]}),
            _types("CLEAR", BASIS, "DELETE v1/unsubtypes/all"),
        ),
    ),
    Documented(
        "facts 4.2, lastpayment", "user_id start_date expire_date payment_type amount mail_id",
        (
            _user("recordPayment", {
                "startsAt": NOON, "expiresAt": LATER, "paymentType": 1, "amount": 2.5, "mailId": "16000000001",
            }, "POST v1/lastpayment", {
                "user_id": 8424, "start_date": NOON_S, "expire_date": LATER_S, "payment_type": 1, "amount": 2.5,
                "mail_id": 16000000001,
            }),
            _user("recordPayment", {"startsAt": NOON}, "POST v1/lastpayment", {"user_id": 8424, "start_date": NOON_S}),
        ),
    ),
    Documented("facts 4.2, clientuser/create", "email project_id client_user_id", (
        _address("linkClientUser", {"ref": "r"}, "POST v1/clientuser/create", {
            "email": "test@example.com", "project_id": 1, "client_user_id": "r",
        }),
    )),
    Documented("facts 4.2, confirm", "last_reaction project_id encoded_email", (
        _address("confirmUser", {"reactedAt": NOON}, f"PUT v3/users/project/1/email/{HASH}/confirm", {
            "last_reaction": str(NOON_S), "project_id": 1, "encoded_email": HASH,
        }),
    )),
    Documented("facts 4.2 and 4.6, online", "timestamp user_id project_id encoded_email", (
        _user("markOnline", {"seenAt": NOON}, "PUT v3/users/8424/online", {"timestamp": str(NOON_S), "user_id": 8424}),
        _address("markOnline", {"seenAt": NOON}, f"PUT v3/users/project/1/email/{HASH}/online", {
            "timestamp": str(NOON_S), "project_id": 1, "encoded_email": HASH,
        }),
    )),
    Documented("facts 4.2, user/erase", "email project_id force_delete", (
        _address("eraseSubscriber", {"force": True}, "POST v1/user/erase", {
            "email": "test@example.com", "project_id": 1, "force_delete": True,
        }),
    )),
)  # fmt: skip
C1: Final = {"byKey": {**TALON, "ref": "c 1"}}
OF_TALON_ONE: Final = (
    Documented(
        "Update customer profile",
        "skipNonExistingAttributes attributes runRuleEngine audiencesChanges adds deletes",
        (
            ask("talon_one", "updateCustomerProfile", {
                **C1, "attributes": {"Tier": "gold", "Points": None}, "skipUnknownAttributes": True, "join": ["1"],
                "leave": ["2"],
            }, ("PUT cdp/customer_profile/c%201?skipNonExistingAttributes=true", {
                "attributes": {"Tier": "gold", "Points": None}, "runRuleEngine": True,
                "audiencesChanges": {"adds": [1], "deletes": [2]},
            })),
            ask("talon_one", "updateCustomerProfile", {**C1, "attributes": {"Tier": "x"}}, (
                "PUT cdp/customer_profile/c%201", {"attributes": {"Tier": "x"}, "runRuleEngine": False},
            )),
            ask("talon_one", "upsertSubscriber", {**TALON, "fields": {
                "ref": "n/1", "email": "n@example.com", "customFields": [{"key": "Points", "value": None, "typed": 3}],
            }}, ("PUT cdp/customer_profile/n%2F1", {"attributes": {"Email": "n@example.com", "Points": 3}})),
            ask("talon_one", "createSubscriber", {**TALON, "fields": {"ref": "m", "suburb": "Perth"}}, (
                "PUT cdp/customer_profile/m", {"attributes": {"ShippingCity": "Perth"}},
            )),
            ask("talon_one", "updateSubscriber", {**C1, "fields": {"country": None}}, (
                "PUT cdp/customer_profile/c%201", {"attributes": {"ShippingCountry": None}},
            )),
            ask("talon_one", "changeCustomerAudiences", {**C1, "joinRefs": ["e/1"], "leaveRefs": ["ext 1"]}, (
                "PUT cdp/customer_profile/c%201/audiences", {"data": {"adds": ["e/1"], "deletes": ["ext 1"]}},
            )),
        ),
    ),
    Documented(
        "Update audiences in multiple customer profiles", "data customerProfileId adds deletes",
        (ask("talon_one", "changeAudiences", {**TALON, "items": [
            {"ref": "c 1", "join": ["1"], "leave": ["2"]}, {"ref": "c 2", "joinRefs": ["e/1"], "leaveRefs": ["ext 1"]},
        ]}, ("PUT cdp/customer_profiles/audiences", {
            "data": [{"customerProfileId": "c 1", "adds": [1], "deletes": [2]}],
        }), ("PUT cdp/v2/customer_profiles/audiences", {
            "data": [{"customerProfileId": "c 2", "adds": ["e/1"], "deletes": ["ext 1"]}],
        })),),
    ),
    Documented(
        "Create, update and delete audience", "audienceId audienceName",
        (
            ask("talon_one", "createAudience", {**TALON, "ref": "w 1", "name": "W"}, (
                "POST cdp/audiences", {"audienceId": "w 1", "audienceName": "W"},
            )),
            ask("talon_one", "updateAudience", {**TALON, "ref": "w 1", "name": "V"}, (
                "PUT cdp/audiences/w%201", {"audienceId": "w 1", "audienceName": "V"},
            )),
            ask("talon_one", "deleteAudience", {**TALON, "ref": "w 1"}, ("DELETE cdp/audiences/w%201", None)),
        ),
    ),
)  # fmt: skip
DOCUMENTED: Final = (*OF_TAGUCHI_V5, *OF_TAXIMAIL, *OF_SENDIOS, *OF_TALON_ONE)
