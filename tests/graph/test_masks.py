"""
What a caller without the scope `pii` reads of people: every text and day of their types is judged, and asked for.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from graphql import GraphQLObjectType, get_named_type

from adapters.sandbox.cast import CAST
from graph.schema import schema
from resolvers.principal import Principal, Scope
from tests.graph.every_source import OpenGraph, Sources, open_every

WITHOUT_PII: Final = Principal("analyst", frozenset({Scope.READ, Scope.EXPLAIN}))

JUDGED_SCALARS: Final = frozenset({"String", "JSON", "Date"})
"""What may tell who somebody is; ids, times, numbers and words of enumerations do not."""

HIDDEN: Final[Mapping[str, str]] = {
    "Subscriber": "email title firstName lastName phone mobile birthDate gender address address2 address3 suburb state "
    "country postcode",
    "ListMembership": "option",
    "CustomField": "value typed",
    "FeedEvent": "data",
    "EventLink": "url",
    "Unsubscribe": "email",
    "Message": "subject email",
    "TaguchiSubscriber": "notifications extra data socialProfile",
    "TaguchiV5Subscriber": "notifications extra birthDateText",
    "SendiosSubscriber": "name photo ak promotionOptOut webpush lastPayment",
    "SendiosOptOut": "message",
    "SendiosStoredField": "value",
    "TaximailMessage": "details",
}
"""What is hidden: all that design names, and what is free text about one person."""

SHOWN: Final[Mapping[str, str]] = {
    "Subscriber": "ref",
    "ListMembership": "status",
    "AudienceMembership": "name",
    "CustomField": "key label",
    "FeedEvent": "eventRef schedule",
    "Unsubscribe": "subscriberRef cause",
    "Message": "ref status",
    "Partition": "ref name",
    "TaguchiV5Subscriber": "resumeDate",
    "TaximailContact": "subscriptionStatus bounceType",
    "SendiosSubscriber": "projectTitle language platform activation unsubscribeReason",
    "SendiosSentMail": "category type source serverName serverIp",
    "SendiosOptOut": "cause",
    "SendiosTypeOptOut": "name",
    "SendiosStoredFields": "platform",
    "SendiosStoredField": "key",
    "SendiosUnsubscribe": "projectName",
}
"""What is shown: keys of the caller's own systems, words of the vendor's, names of fields, lists and mails."""

HIDDEN_IDS: Final = {"SendiosStoredFields": "countryId cityId"}
"""Ids that say where a person lives, as `country` and `suburb` do."""

UNTOLD: Final = {
    *(f"SendiosSubscriber.{name}" for name in ("ak", "photo", "promotionOptOut", "webpush")),
    "SendiosStoredFields.countryId",
}
"""What the sandbox tells of nobody; `tests/resolvers/test_masking.py` hides it in a record that holds it."""

BELOW: Final = {*HIDDEN, *SHOWN, "TalonOneCustomer"} - {"FeedEvent", "EventLink", "Unsubscribe", "Message", "Partition"}
"""The types whose values stand in a person's own record."""


def list_fields(type_name: str) -> set[str]:
    """Name the fields of a type that are to be judged."""
    type_ = schema._schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return {name for name, field in type_.fields.items() if get_named_type(field.type).name in JUDGED_SCALARS}


@pytest.mark.parametrize("type_name", sorted({*HIDDEN, *SHOWN}))
def test_every_field_about_people_is_judged(type_name: str) -> None:
    """Broken, a new field about people would be shown to everybody because nobody thought of it."""
    hidden, shown = (set(table.get(type_name, "").split()) for table in (HIDDEN, SHOWN))

    assert not hidden & shown
    assert hidden | shown == list_fields(type_name)


def write_selection(type_name: str, depth: int = 4) -> str:
    """Write a selection of all that is judged of a type, and of the person's own values below it."""
    type_ = schema._schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    names = sorted(list_fields(type_name) | set(HIDDEN_IDS.get(type_name, "").split()))
    for name, field in type_.fields.items():
        below = get_named_type(field.type)
        if depth and below.name in BELOW - {"Subscriber"} and not field.args.keys() & {"first"}:
            names.append(f"{name} {{ {write_selection(below.name, depth - 1)} }}")
    return " ".join(["__typename", *names])


PERSON: Final = write_selection("Subscriber")
PEOPLE: Final = f"nodes {{ {PERSON} }}"
CHOSEN_ONES: Final = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Subscriber {{ {PERSON} }} }} }}"
AT_ONCE: Final = 20
LISTED: Final = (
    f'{{ subscribers(source: "taximail", first: 20) {{ {PEOPLE} }} }}',
    f'{{ subscribers(source: "talon_one", first: 20) {{ {PEOPLE} }} }}',
    f"{{ unsubscribes(first: 40) {{ nodes {{ {write_selection('Unsubscribe')} }} }} }}",
    f'{{ message(by: {{vendorId: "order-0001"}}, source: "taximail") {{ {write_selection("Message")} }} }}',
)

CHOSEN: Final = """{ rated: subscribers(source: "taguchi_v4", filter: {taguchi: {socialProfile: {isNull: false}}}) {
  nodes { id } } listed: subscribers(source: "taguchi_v4", first: 60) { nodes { id } } }"""
FOUND: Final = "query($email: String) { person(email: $email) { profiles { subscriber { id } } } }"


async def choose_people(every: Sources) -> list[str]:
    """Return ids of people at every vendor, those of whom something is told that is told of few among them."""
    chosen = await every.ask(CHOSEN)
    ids = [node["id"] for line in chosen.values() for node in line["nodes"]]
    for each in CAST[:12]:
        person = (await every.ask(FOUND, email=each.email))["person"]
        ids += [profile["subscriber"]["id"] for profile in person["profiles"]]
    return list(dict.fromkeys(ids))


def walk(value: Any, type_name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that is no object, with its type and field."""
    if isinstance(value, dict):
        type_name = value.get("__typename", type_name)
        for name, each in value.items():
            if name == "typed" or not isinstance(each, dict | list):
                yield f"{type_name}.{name}", each
            else:
                yield from walk(each, type_name)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each, type_name)


async def gather(every: Sources, ids: list[str]) -> dict[str, list[Any]]:
    """Ask everything, and return the values of every field in their order."""
    found: dict[str, list[Any]] = defaultdict(list)
    answers = [await every.ask(CHOSEN_ONES, ids=ids[place : place + AT_ONCE]) for place in range(0, len(ids), AT_ONCE)]
    answers += [await every.ask(query) for query in LISTED]
    for place, value in walk(answers):
        found[place].append(value)
    return found


async def test_what_is_hidden_is_hidden_wherever_a_person_is_read(open_graph: OpenGraph) -> None:
    """Broken, a person could be told by what was forgotten, or a caller without the scope learn nothing at all."""
    async with open_every(open_graph, limit_deadline_s=20.0) as every:
        people = await choose_people(every)
        whole = await gather(every, people)
    async with open_every(open_graph, limit_deadline_s=20.0, principal=WITHOUT_PII) as every:
        masked = await gather(every, people)

    hidden = {
        f"{type_}.{name}" for table in (HIDDEN, HIDDEN_IDS) for type_, names in table.items() for name in names.split()
    }
    hidden = {place for place in hidden if not place.startswith(("FeedEvent.", "EventLink."))}
    told = {place for place in hidden if any(value is not None for value in whole[place])}
    assert hidden - told == UNTOLD
    for place, values in whole.items():
        expected = [value if place not in hidden or value is None else None for value in values]
        shown = [None if place in hidden and value == "***" else value for value in masked[place]]
        assert shown == expected, place


@pytest.mark.parametrize("operator", ['eq: "weekly"', 'startsWith: "w"', "isNull: false", 'notIn: ["weekly"]'])
async def test_the_text_of_a_membership_cannot_be_guessed(open_graph: OpenGraph, operator: str) -> None:
    """Broken, what is hidden could be found out letter by letter."""
    query = f"{{ subscribers(filter: {{memberships: {{option: {{{operator}}}}}}}) {{ nodes {{ vendorId }} }} }}"
    async with open_every(open_graph, principal=WITHOUT_PII) as every:
        body = await every.graph.run(query)
        assert await every.count_calls() == {}

    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("FORBIDDEN", "SCOPE_MISSING")
    assert "memberships.option" in error["message"]


async def test_memberships_can_still_be_asked_for_by_the_rest(open_graph: OpenGraph) -> None:
    """Broken, a caller without the scope could not even ask who is on a list."""
    query = '{ subscribers(filter: {memberships: {listId: {eq: "5"}}}, source: "taguchi_v4") { nodes { vendorId } } }'
    async with open_every(open_graph, principal=WITHOUT_PII) as every:
        assert (await every.ask(query))["subscribers"]["nodes"]
