"""Every write of Taguchi V4's document with all that can be said of it. Source: taguchi-v4-api.txt, by its headings."""

from collections.abc import Mapping
from typing import Any, Final

from tests.graph.documented import Asked, Documented, Request, ask
from tests.graph.every_writer import LEFT, id_of
from tests.graph.write_cases import BASIS, LATER, NOON, PROOF, UNCHECKED, V4

VENDOR: Final = "taguchi_v4"
NOON_WIRE: Final = "2026-01-01T12:00:00"
LATER_WIRE: Final = "2999-01-01T00:00:00"
HEADER: Final = {"protocol": "smtp", "server": "mail", "format": "mime", "tag": "[P]", "message": "See."}
BY_SMS: Final = {"protocol": "SMS", "server": "gate", "format": "PLAIN"}
BY_SMS_WIRE: Final = {"protocol": "sms", "server": "gate", "format": "plain"}
PLAIN: Final = (
    "title firstname lastname notifications extra phone mobile dob address address2 address3 suburb state country "
    "postcode gender data cluster_id"
)
ADA: Final = {
    "id": 1, **dict.fromkeys(PLAIN.split()), "ref": "crm-1", "email": "ada@example.org", "firstname": "Ada",
}  # fmt: skip
GONE: Final = {
    "id": 2, **dict.fromkeys(PLAIN.split()), "ref": "crm-2", "email": "gone@example.org", "unsubscribed": LEFT,
}  # fmt: skip
SAID: Final = {
    "ref": "n", "email": "n@example.org", "title": "Dr", "firstName": "A", "lastName": "B", "notifications": "n",
    "extra": "e", "phone": "1", "mobile": "2", "birthDate": "1990-02-03", "address": "1", "address2": "2",
    "address3": "3", "suburb": "S", "state": "VIC", "country": "AU", "postcode": "3000", "gender": "F", "data": "<x/>",
    "clusterId": "1", "bouncedAt": NOON, "unsubscribedAt": NOON,
    "customFields": [{"key": "k", "value": "v"}, {"key": "gone", "value": None}],
    "memberships": [{"listId": "5", "option": "weekly"}, {"listId": "6"}],
}  # fmt: skip
SAID_WIRE: Final = {
    "ref": "n", "email": "n@example.org", "title": "Dr", "firstname": "A", "lastname": "B", "notifications": "n",
    "extra": "e", "phone": "1", "mobile": "2", "dob": "1990-02-03", "address": "1", "address2": "2", "address3": "3",
    "suburb": "S", "state": "VIC", "country": "AU", "postcode": "3000", "gender": "F", "data": "<x/>", "cluster_id": 1,
    "bounced": NOON_WIRE, "unsubscribed": NOON_WIRE,
    "custom_fields": [{"field": "k", "data": "v"}, {"field": "gone", "data": None}],
    "lists": [{"list_id": 5, "unsubscribed": None, "option": "weekly"}, {"list_id": 6, "unsubscribed": None}],
}  # fmt: skip
PERSON_NAMES: Final = f"ref email unsubscribed bounced custom_fields field lists list_id option {PLAIN}"


def _create(mutation: str, fields: Mapping[str, Any], resource: str, body: Mapping[str, Any]) -> Asked:
    return ask(VENDOR, mutation, {**V4, "fields": fields}, (f"POST {resource}/?_method=POST", [body]))


def _about(mutation: str, kind: str, key: int, given: Mapping[str, Any], *received: Request) -> Asked:
    return ask(VENDOR, mutation, {"id": id_of(VENDOR, kind, key), **given}, *received)


def _person(mutation: str, key: int, given: Mapping[str, Any], body: Mapping[str, Any]) -> Asked:
    return _about(mutation, "subscriber", key, given, (f"POST subscriber/{key}?_method=PUT", [body]))


def _command(method: str, mutation: str, key: int, given: Mapping[str, Any], *bodies: Mapping[str, Any]) -> Asked:
    line = f"POST activity/{key}?_method={method}"
    return _about(mutation, "activity", key, given, *((line, [{"id": str(key), **body}]) for body in bodies))


def _change(word: str, key: int, given: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[Asked, Asked]:
    """A record's change and its removal."""
    kind, line = word.lower(), f"POST {word.lower()}/{key}?_method="
    return (
        _about(f"update{word}", kind, key, {"fields": given}, (f"{line}PUT", [{"id": key, **body}])),
        _about(f"delete{word}", kind, key, {}, (f"{line}DELETE", None)),
    )


ACTIVITY: Final = {
    "ref": "a", "name": "A", "type": "t", "subtype": "s", "status": "active", "target_lists": "[5, 6]",
    "target_views": "[1]", "date": LATER_WIRE, "throttle": 3, "data": "<x/>", "campaign_id": 1, "template_id": 1,
}  # fmt: skip
ACTIVITY_SAID: Final = {
    "ref": "a", "name": "A", "type": "t", "subtype": "s", "status": "active", "targetListIds": ["5", "6"],
    "targetViewIds": ["1"], "scheduledAt": LATER, "throttle": 3, "data": "<x/>", "campaignId": "1", "templateId": "1",
}  # fmt: skip
REVISIONS: Final = [
    {"content": "<a/>", "templateRevisionId": "1", "approvalStatus": "DEPLOYED"},
    {"content": "<b/>", "approvalStatus": "APPROVED"},
    {"content": "<c/>"},
]
REVISIONS_WIRE: Final = [
    {"content": "<a/>", "template_revision_id": 1, "approval_status": "deployed"},
    {"content": "<b/>", "template_revision_id": None, "approval_status": "approved"},
    {"content": "<c/>", "template_revision_id": None},
]
SOURCES: Final = [
    {
        "href": "ftp://files.example.com/a.tsv",
        "format": {"type": "DELIMITED", "fieldSeparator": "\\t", "lineSeparator": "\\n"},
        "fields": [{"name": "email", "select": "@0"}, {"name": "custom_size", "select": "@1"}],
        "listIds": ["5", "6"],
    },
    {
        "href": "https://files.example.com/b.xml",
        "format": {"type": "XML", "select": "//person"},
        "fields": [{"name": "email", "select": "mail/text()"}],
    },
]
MANIFEST: Final = (
    '<manifest xmlns="http://taguchimail.com/manifest"><source href="ftp://files.example.com/a.tsv">'
    '<format type="delimited" field-separator="\\t" line-separator="\\n"/>'
    '<fields><field name="email" select="@0"/><field name="custom_size" select="@1"/></fields>'
    '<lists><list id="5"/><list id="6"/></lists></source><source href="https://files.example.com/b.xml">'
    '<format type="xml" select="//person"/><fields><field name="email" select="mail/text()"/></fields>'
    "<lists></lists></source></manifest>"
)
IMPORT_SAID: Final = {
    "ref": "i", "name": "I", "origin": "fair", "status": "active", "params": "{}", "manifest": {"sources": SOURCES},
}  # fmt: skip
IMPORT: Final = {
    "ref": "i", "name": "I", "source": "fair", "status": "active", "params": "{}", "manifest": MANIFEST,
}  # fmt: skip
CONDITIONS: Final = [
    {"field": "state", "operator": "EQ", "value": "VIC"},
    {"field": "email", "operator": "LIKE", "value": "%@example.org"},
    {"field": "unsubscribed", "operator": "IS"}, {"field": "ref", "operator": "NT"},
    {"field": "id", "operator": "GTE", "value": "3"},
]  # fmt: skip
QUERY: Final = (
    "query=state-eq-VIC&query=email-like-%25%40example.org&query=unsubscribed-is-null&query=ref-nt-null&query=id-gte-3"
)

DOCUMENTED: Final = (
    Documented(
        "Subscriber Resource, POST", PERSON_NAMES, (_create("createSubscriber", SAID, "subscriber", SAID_WIRE),)
    ),
    Documented(
        "Subscriber Resource, CREATEORUPDATE", PERSON_NAMES,
        (ask(VENDOR, "upsertSubscriber", {**V4, "fields": SAID}, (
            "POST subscriber/?_method=CREATEORUPDATE", [SAID_WIRE],
        )),),
    ),
    Documented(
        "Subscriber Resource, PUT", PERSON_NAMES,
        (
            _person("updateSubscriber", 1, {"fields": {**SAID, "memberships": [{"listId": "6", "option": None}]}}, {
                **ADA, **SAID_WIRE, "lists": [{"list_id": 6, "unsubscribed": None, "option": None}],
            }),
        ),
    ),
    Documented(
        "Common Fields, unsubscribed and bounced", "unsubscribed bounced custom_fields",
        (
            _person("unsubscribe", 1, {"at": NOON}, {**ADA, "unsubscribed": NOON_WIRE, "custom_fields": []}),
            _person("resubscribe", 2, {"clearBounce": True, **BASIS}, {
                **GONE, "unsubscribed": None, "bounced": None, "custom_fields": [],
            }),
        ),
    ),
    Documented(
        "List Memberships", "lists list_id unsubscribed option",
        (
            _person("setListMembership", 1, {"listId": "5", "subscribed": False, "leftAt": NOON, "option": "x"}, {
                **ADA, "custom_fields": [], "lists": [{"list_id": 5, "unsubscribed": NOON_WIRE, "option": "x"}],
            }),
            _person("setListMembership", 1, {"listId": "5", **BASIS}, {
                **ADA, "custom_fields": [], "lists": [{"list_id": 5, "unsubscribed": None}],
            }),
        ),
    ),
    Documented(
        "Activity Resource, POST", f"{' '.join(ACTIVITY)} revisions content template_revision_id approval_status",
        (_create("createActivity", {**ACTIVITY_SAID, "revisions": REVISIONS}, "activity", {
            **ACTIVITY, "revisions": REVISIONS_WIRE,
        }),),
    ),
    Documented(
        "Activity Resource, PUT and DELETE", " ".join(ACTIVITY),
        _change("Activity", 1, {**ACTIVITY_SAID, "revisions": REVISIONS[2:]}, {
            **ACTIVITY, "revisions": REVISIONS_WIRE[2:],
        }),
    ),
    Documented(
        "PROOF", "list_id subscriber_id revision_id protocol server format tag message",
        (
            _command("PROOF", "proofActivity", 1, {"listId": "5", "revisionId": "1", **PROOF, **UNCHECKED}, {
                "list_id": "5", "revision_id": "1", **HEADER,
            }),
            _command("PROOF", "proofActivity", 1, {
                "recipients": [{"id": id_of(VENDOR, "subscriber", 1)}, {"ref": "crm-3"}], **BY_SMS, "tag": "T",
            }, {"subscriber_id": "1", **BY_SMS_WIRE, "tag": "T"}, {"subscriber_id": "3", **BY_SMS_WIRE, "tag": "T"}),
        ),
    ),
    Documented(
        "APPROVAL", "list_id revision_id protocol server format tag message",
        (
            _command("APPROVAL", "requestApproval", 2, {"listId": "5", "revisionId": "2", **PROOF, **UNCHECKED}, {
                "list_id": "5", "revision_id": "2", **HEADER,
            }),
            _command("APPROVAL", "requestApproval", 2, {"listId": "6", **BY_SMS, **UNCHECKED}, {
                "list_id": "6", **BY_SMS_WIRE,
            }),
        ),
    ),
    Documented(
        "COMMENT and APPROVE", "message",
        (
            _command("COMMENT", "commentActivity", 1, {"message": "Hm"}, {"message": "Hm"}),
            _command("APPROVE", "approveActivity", 2, {"message": "Fine"}, {"message": "Fine"}),
            _command("APPROVE", "approveActivity", 2, {}, {}),
        ),
    ),
    Documented("QUEUE", "", (_command("QUEUE", "queueActivity", 1, UNCHECKED, {}),)),
    Documented(
        "TRIGGER", "date conditions test protocol server format request_content",
        (
            _command("TRIGGER", "triggerActivity", 1, {
                "date": LATER, "test": True, "protocol": "SMTP", "server": "mail", "format": "MIME", "content": "{}",
                "recipients": [
                    {"id": id_of(VENDOR, "subscriber", 1), "content": "<a/>"}, {"ref": "crm-3"},
                ],
            }, {
                "date": LATER_WIRE, "test": 1, "protocol": "smtp", "server": "mail", "format": "mime",
                "request_content": "<a/>", "conditions": ["1"],
            }, {
                "date": LATER_WIRE, "test": 1, "protocol": "smtp", "server": "mail", "format": "mime",
                "request_content": "{}", "conditions": ["3"],
            }),
            _command("TRIGGER", "triggerActivity", 1, {
                "recipients": [{"email": "ada@example.org"}, {"ref": "crm-3"}],
            }, {"conditions": ["1", "3"]}),
            _command("TRIGGER", "triggerActivity", 1, {
                "expression": "s.state = 'VIC'", "content": "<c/>", "test": False, **BY_SMS, **UNCHECKED,
            }, {
                "conditions": {"expression": "s.state = 'VIC'"}, "request_content": "<c/>", "test": 0, **BY_SMS_WIRE,
            }),
        ),
    ),
    Documented(
        "Campaign Resource", "ref name date success_event_ref status data",
        (
            _create("createCampaign", {
                "ref": "c", "name": "C", "startsAt": NOON, "successEventRef": "s", "status": "active", "data": "<x/>",
            }, "campaign", {
                "ref": "c", "name": "C", "date": NOON_WIRE, "success_event_ref": "s", "status": "active",
                "data": "<x/>",
            }),
            *_change("Campaign", 1, {"startsAt": NOON, "successEventRef": "s"}, {
                "ref": "spring", "name": "Spring", "date": NOON_WIRE, "success_event_ref": "s", "status": None,
                "data": None,
            }),
        ),
    ),
    Documented(
        "List Resource", "ref name status data",
        (
            _create("createList", {"ref": "l", "name": "L", "status": "active", "data": "<x/>"}, "list", {
                "ref": "l", "name": "L", "status": "active", "data": "<x/>",
            }),
            *_change("List", 6, {"data": "d"}, {
                "ref": "offers", "name": "Offers", "status": None, "data": "d", "type": None,
            }),
        ),
    ),
    Documented(
        "EXTRACT", "notify query",
        (
            _about("extractList", "list", 5, {"notifyListId": "6", "conditions": CONDITIONS, **UNCHECKED}, (
                f"POST list/5?_method=EXTRACT&notify=6&{QUERY}", None,
            )),
            _about("extractList", "list", 5, {}, ("POST list/5?_method=EXTRACT", None)),
        ),
    ),
    Documented(
        "Import Resource, Manifest and PROCESS", " ".join(IMPORT),
        (
            _create("createImport", IMPORT_SAID, "import", IMPORT),
            _about("processImport", "import", 2, {**UNCHECKED, **BASIS}, ("POST import/2?_method=PROCESS", None)),
            ask(
                VENDOR, "importSubscribers", {**V4, "taguchi": {**IMPORT_SAID, "ref": "j"}, **UNCHECKED, **BASIS},
                ("POST import/?_method=POST", [{**IMPORT, "ref": "j"}]), ("POST import/3?_method=PROCESS", None),
            ),
            *_change("Import", 1, {"manifestXml": MANIFEST, "origin": None}, {
                "ref": "fair", "name": "Fair", "source": None, "manifest": MANIFEST, "status": None, "params": None,
            }),
        ),
    ),
    Documented(
        "View Resource", "ref name predicate status",
        (
            _create("createView", {"ref": "v", "name": "V", "predicate": "true", "status": "active"}, "view", {
                "ref": "v", "name": "V", "predicate": "true", "status": "active",
            }),
            *_change("View", 1, {"predicate": "s.state = 'VIC'"}, {
                "ref": "vic", "name": "Victoria", "predicate": "s.state = 'VIC'", "status": None,
            }),
        ),
    ),
    Documented(
        "Template Resource", "ref name type subtype status data revisions content format",
        (
            _create("createTemplate", {
                "ref": "t", "name": "T", "type": "t", "subtype": "s", "status": "active", "data": "<x/>",
                "revisions": [{"content": "<a/>", "format": "<f/>"}, {"content": "<b/>"}],
            }, "template", {
                "ref": "t", "name": "T", "type": "t", "subtype": "s", "status": "active", "data": "<x/>",
                "revisions": [{"content": "<a/>", "format": "<f/>"}, {"content": "<b/>", "format": None}],
            }),
            *_change("Template", 1, {"type": "t", "revisions": [{"content": "<c/>", "format": "<g/>"}]}, {
                "ref": "plain", "name": "Plain", "type": "t", "subtype": None, "status": None, "data": None,
                "revisions": [{"content": "<c/>", "format": "<g/>"}],
            }),
        ),
    ),
)  # fmt: skip
