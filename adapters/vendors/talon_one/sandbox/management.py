"""
The Management API's audience, customer and attribute parts.

Source: vendors/facts.md, 5.4; T1-OAS-MGMT.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from adapters.sandbox import Reply

from .attributes import TYPES, Definition, check_attributes
from .calls import CREATED, Call, Route, reply_json, reply_rows
from .csv_files import read_upload, write_members
from .refusals import CONFLICT, Refusal, refuse_value
from .store import ACCOUNT_ID, Profile

MAX_IDS = 1000
_USER_ID = 388
_AUDIENCE_SORTS = frozenset({"id", "name", "created"})
_MEMBER_SORTS = frozenset({"id", "integrationId", "created"})
_ATTRIBUTE_SORTS = frozenset({"id", "name"})


def list_audiences(call: Call) -> Reply:
    """GET audiences: with `totalResultSize` or with `hasMore`, never both."""
    rows = _sort(call, [call.store.show_audience(each) for each in call.store.audiences.values()], _AUDIENCE_SORTS)
    page, more = call.cut_page(rows)
    if call.read_flag("withTotalResultSize"):
        return reply_rows(page, totalResultSize=len(rows))
    return reply_rows(page, hasMore=more)


def count_members(call: Call) -> Reply:
    """GET the sizes of at most 1000 audiences; one that is not there has no row."""
    texts = call.parameters.get("audienceIds", "").split(",")
    if len(texts) > MAX_IDS or not all(re.fullmatch(r"\d{1,18}", text, re.ASCII) for text in texts):
        raise refuse_value("Invalid type", "audienceIds must be up to 1000 integers.", parameter="audienceIds")
    known = [call.store.audiences[number] for number in map(int, texts) if number in call.store.audiences]
    rows = [{"audienceId": each.id, "membersCount": len(each.members)} for each in known]
    return reply_rows(rows, hasMore=False)


def list_members(call: Call) -> Reply:
    """GET the profiles in an audience; `profileQuery` takes those whose integration id holds it [inferred]."""
    audience = call.store.find_audience(call.number)
    wanted = call.parameters.get("profileQuery", "").lower()
    by_id = {profile.id: profile for profile in call.store.profiles.values()}
    members = [by_id[number] for number in audience.members if wanted in by_id[number].integration_id.lower()]
    rows = _sort(call, [call.store.show_profile(each) for each in members], _MEMBER_SORTS)
    page, more = call.cut_page(rows)
    return reply_rows(page, hasMore=more)


def export_members(call: Call) -> Reply:
    """GET the members' integration ids as a CSV file."""
    audience = call.store.find_audience(call.number)
    members = [profile for profile in call.store.profiles.values() if profile.id in audience.members]
    return Reply(200, write_members(profile.integration_id for profile in members), "application/csv")


def import_members(call: Call) -> Reply:
    """POST a CSV file, which replaces the members; ids of no profile are passed over [inferred]."""
    audience = call.store.find_audience(call.number)
    ids = read_upload(call.request)
    found = [
        call.store.profiles[audience.sandbox, each] for each in ids if (audience.sandbox, each) in call.store.profiles
    ]
    call.store.set_members(audience, found)
    return reply_json(
        {
            "id": audience.id,
            "created": call.store.now(),
            "accountId": ACCOUNT_ID,
            "userId": _USER_ID,
            "entity": "AudienceMembership",
            "amount": len(found),
        }
    )


def list_customers(call: Call) -> Reply:
    """GET the profiles of one environment."""
    return _page(call, call.store.list_profiles(sandbox=call.read_flag("sandbox")))


def read_customer(call: Call) -> Reply:
    """GET a profile by its internal id."""
    return reply_json(call.store.show_profile(call.store.find_profile(call.number)))


def search_customers(call: Call) -> Reply:
    """
    POST what profiles must have: all the attributes, one of the integration ids, one of the internal ids.

    Values are compared exactly, types included. That the three are ANDed is this sandbox's choice.
    """
    body = call.read_body()
    wanted = check_attributes(body.get("attributes") or {}, call.store.attributes)
    tests = [_has_attributes(wanted)] if wanted else []
    if body.get("integrationIDs") is not None:
        tests.append(_is_one_of(body["integrationIDs"], str, lambda profile: profile.integration_id))
    if body.get("profileIDs") is not None:
        tests.append(_is_one_of(body["profileIDs"], int, lambda profile: profile.id))
    profiles = call.store.list_profiles(sandbox=call.read_flag("sandbox"))
    return _page(call, [profile for profile in profiles if all(test(profile) for test in tests)])


def list_attributes(call: Call) -> Reply:
    """GET the attributes of customer profiles, the only entity this account has."""
    entity, kind = call.parameters.get("entity", "CustomerProfile"), call.parameters.get("kind")
    known = [each for each in call.store.attributes.values() if entity == "CustomerProfile"]
    chosen = [each for each in known if kind is None or each.builtin is (kind == "builtin")]
    rows = _sort(call, [each.show(ACCOUNT_ID) for each in chosen], _ATTRIBUTE_SORTS)
    page, _ = call.cut_page(rows)
    return reply_rows(page, totalResultSize=len(rows))


def create_attribute(call: Call) -> Reply:
    """POST a custom attribute of customer profiles."""
    body = call.read_body()
    name, type_ = body.get("name"), str(body.get("type"))
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z]\w*", name) or type_ not in TYPES:
        raise refuse_value("enum", "An attribute needs a name and one of the types.", pointer="/type")
    if name in call.store.attributes:
        raise Refusal(CONFLICT, "An attribute with this name already exists.")
    made = Definition(len(call.store.attributes) + 1, name, type_, builtin=False)
    call.store.attributes[name] = made
    return reply_json(made.show(ACCOUNT_ID), CREATED)


def _has_attributes(wanted: dict[str, Any]) -> Callable[[Profile], bool]:
    return lambda profile: all(
        name in profile.attributes
        and profile.attributes[name] == value
        and type(profile.attributes[name]) is type(value)
        for name, value in wanted.items()
    )


def _is_one_of(given: Any, kind: type, read: Callable[[Profile], Any]) -> Callable[[Profile], bool]:
    if not isinstance(given, list) or not all(type(each) is kind for each in given):
        raise refuse_value("Invalid type", "The IDs must be a list of one type.", pointer="/integrationIDs")
    known = frozenset(given)
    return lambda profile: read(profile) in known


def _page(call: Call, profiles: Sequence[Profile]) -> Reply:
    page, more = call.cut_page(profiles)
    return reply_rows([call.store.show_profile(each) for each in page], hasMore=more)


def _sort(call: Call, rows: list[dict[str, Any]], allowed: frozenset[str]) -> list[dict[str, Any]]:
    """In the order of a field, `-` for the reverse; without one, of the internal ids, and 400 for other fields."""
    text = call.parameters.get("sort") or "id"
    name, descending = text.removeprefix("-"), text.startswith("-")
    if name not in allowed:
        raise refuse_value("Unknown", f"Results cannot be sorted by {name}.", parameter="sort")
    return sorted(rows, key=lambda row: (row[name], row["id"]), reverse=descending)


ROUTES = (
    Route("GET", "/v1/audiences", list_audiences),
    Route("GET", "/v1/audiences/analytics", count_members),
    Route("GET", "/v1/audiences/{}/memberships", list_members),
    Route("GET", "/v1/audiences/{}/memberships/export", export_members),
    Route("POST", "/v1/audiences/{}/memberships/import", import_members),
    Route("GET", "/v1/customers/no_total", list_customers),
    Route("GET", "/v1/customers/{}", read_customer),
    Route("POST", "/v1/customer_search/no_total", search_customers),
    Route("GET", "/v1/attributes", list_attributes),
    Route("POST", "/v1/attributes", create_attribute),
)
