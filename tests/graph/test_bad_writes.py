"""
What a caller got wrong in a mutation, at every vendor: refused with code, reason and place, and nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from resolvers.ids import decode_id, encode_id
from tests.graph.bad_writes import BAD, PEOPLE, STRANGERS, UNKNOWN_TO_THE_SCHEMA
from tests.graph.every_source import EVERY
from tests.graph.every_writer import Writing, build_write, id_of, open_writing
from tests.graph.write_cases import CASES, OF_TAXIMAIL, V5, Case

BODY_BYTES: Final = 4_194_304
ITEMS: Final = """query($id: ID!) { writeOperation(id: $id) { items(first: 5) { nodes {
  place outcome error { code reason vendorMessage vendorStatus } } } } }"""


async def refuse(world: Writing, name: str, given: Mapping[str, Any]) -> tuple[Any, Any, list[Any]]:
    """Ask for a mutation that is refused; return code and reason, the place in the input, and what vendors received."""
    world.forget()
    body = await world.ask(build_write(name, "outcome"), input=given)
    assert body.get("data") in ({name: None}, None), body
    (error,) = body["errors"]
    shown = error["extensions"]
    if "data" in body:
        assert error["path"] == [name]
    received = [each.line for tap in world.taps.values() for each in tap.received]
    assert [line for vendor in world.taps for line in world.list_writes(vendor)] == []
    return (shown["code"], shown.get("reason")), ".".join(map(str, shown.get("inputPath") or [])), received


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("vendor", EVERY)
async def test_what_is_wrong_is_refused_where_it_stands(vendor: str, what: str) -> None:
    """Broken, a vendor would write something else than was meant, or nobody learn what to mend."""
    cases = [each for each in BAD[what] if each.vendor == vendor]
    async with open_writing(vendor) as world:
        told = [await refuse(world, each.mutation, each.given) for each in cases]

    assert [(code, at) for code, at, _ in told] == [
        (("BAD_USER_INPUT", each.reason), ".".join(filter(None, ("input", each.at)))) for each in cases
    ]


def test_what_a_vendor_has_no_input_for_is_known() -> None:
    """Broken, a vendor could be left out by mistake."""
    tried = {what: {each.vendor for each in cases} for what, cases in BAD.items()}

    assert {what: set(EVERY) - vendors for what, vendors in tried.items()} == {
        "named twice": set(),
        "named by nothing": set(),
        "no address": set(),
        "in the past": {"taximail", "talon_one"},  # they take no time at which something is to be done
        "twice in one call": {"sendios"},  # it takes one person a call
        "divided by a value": {"taguchi_v4", "taguchi_v5", "sendios", "talon_one"},  # JSON and XML, not rows of text
        "read-only": set(),
    }


def list_with_ids(vendor: str) -> list[Case]:
    """Return a case of every mutation of a vendor that names what it is about by id."""
    return list({case.mutation: case for case in CASES if case.vendor == vendor and "id" in case.given}.values())


@pytest.mark.parametrize("vendor", EVERY)
async def test_an_id_of_nothing_is_refused_before_anything_is_written(vendor: str) -> None:
    """Broken, something would be made in the place of what is gone, or its end stay in doubt."""
    told = {}
    async with open_writing(vendor) as world:
        for case in list_with_ids(vendor):
            kind = decode_id(case.given["id"]).type
            key = STRANGERS.get(vendor, "999999999") if kind == "subscriber" else "999999999"
            told[case.mutation] = await refuse(world, case.mutation, {**case.given, "id": id_of(vendor, kind, key)})

    assert told
    assert {code for (code, _), _, _ in told.values()} == {"NOT_FOUND"}
    assert {reason for (_, reason), _, _ in told.values()} <= {
        "RECORD_GONE",
        "PERSON_UNKNOWN",
        "CONTACT_NOT_FOUND",
        "AUDIENCE_UNKNOWN",
    }


@pytest.mark.parametrize("vendor", EVERY)
@pytest.mark.parametrize("what", ["masked", "foreign", "of another kind", "of another vendor"])
async def test_an_id_that_cannot_be_meant_is_refused_before_any_call(vendor: str, what: str) -> None:
    """Broken, another record of the same number would be written to, or a vendor be asked in vain."""
    other = "taximail" if vendor == "sendios" else "sendios"
    async with open_writing(*{vendor, other}) as world:
        for case in list_with_ids(vendor):
            node = decode_id(case.given["id"])
            other_kind = "list" if node.type == "campaign" else "campaign"
            wrong, reasons = {
                "masked": ("***", {"ID_INVALID"}),
                "foreign": (encode_id("elsewhere", node.type, node.key_path), {"SOURCE_UNKNOWN"}),
                "of another kind": (
                    encode_id(vendor, other_kind, node.key_path),
                    {"ID_INVALID"},
                ),
                "of another vendor": (encode_id(other, node.type, node.key_path), {"CAPABILITY_MISSING", "ID_INVALID"}),
            }[what]
            if what == "of another vendor" and case.mutation in world.sources[other].writes:
                continue
            (code, reason), at, received = await refuse(world, case.mutation, {**case.given, "id": wrong})

            assert (code, received) == ("BAD_USER_INPUT", []), case
            assert reason in reasons, case
            assert at == "input.id" or reason == "CAPABILITY_MISSING", case


@pytest.mark.parametrize("name", UNKNOWN_TO_THE_SCHEMA)
async def test_what_can_only_be_read_is_in_no_input(name: str) -> None:
    """Broken, a caller would believe to have changed what no vendor lets be changed."""
    async with open_writing(*EVERY) as world:
        for vendor, id_ in PEOPLE.items():
            (code, _), _, received = await refuse(world, "updateSubscriber", {"id": id_, "fields": {name: "x"}})

            assert (code, received) == ("BAD_USER_INPUT", []), vendor


def move(value: Any, vendor: str) -> Any:
    """Return an input as if it were meant for another vendor."""
    if isinstance(value, Mapping):
        return {name: vendor if name == "source" else move(each, vendor) for name, each in value.items()}
    if isinstance(value, list):
        return [move(each, vendor) for each in value]
    node = decode_id(value) if value in IDS else None
    return encode_id(vendor, node.type, node.key_path) if node else value


def find_ids(value: Any) -> set[str]:
    """Return the ids in an input."""
    if isinstance(value, Mapping):
        return set().union(*(find_ids(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*map(find_ids, value))
    return {value} if isinstance(value, str) and value.startswith("WyJ") else set()


IDS: Final = set().union(*(find_ids(case.given) for case in CASES))


@pytest.mark.parametrize("vendor", EVERY)
async def test_a_source_without_the_capability_is_refused_before_any_call(vendor: str) -> None:
    """Broken, a vendor would be asked for what it has not, or be asked first what it could do."""
    every = {case.mutation: case for case in CASES}
    refused = []
    async with open_writing(*EVERY) as world:
        lacking = [case for name, case in every.items() if name not in world.sources[vendor].writes]
        for case in lacking:
            told, _, received = await refuse(world, case.mutation, move(case.given, vendor))
            assert (told, received) == (("BAD_USER_INPUT", "CAPABILITY_MISSING"), []), case
            refused.append(case.mutation)

    assert refused
    assert len(refused) + len(every.keys() & world.sources[vendor].writes.keys()) == len(every)


EVERYWHERE: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("upsertPerson", {"fields": {}}),
    ("unsubscribePerson", {}),
    ("erasePerson", {}),
)
NO_NAMES: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"email": "nobody"}, "input.email"),
    ({"email": " "}, "input.email"),
    ({"phone": ""}, "input.phone"),
    ({}, "input.email"),
)


@pytest.mark.parametrize(("name", "given"), EVERYWHERE)
@pytest.mark.parametrize(("named", "at"), NO_NAMES)
async def test_nobody_is_looked_for_everywhere_by_what_is_no_name(
    name: str, given: dict[str, Any], named: dict[str, Any], at: str
) -> None:
    """Broken, every vendor would be asked for who cannot be, and the caller believe to have reached somebody."""
    async with open_writing(*EVERY) as world:
        body = await world.ask(build_write(name, "parts { outcome }"), input={**given, **named})
        received = [each for tap in world.taps.values() for each in tap.received]

    (error,) = body["errors"]
    assert (error["extensions"]["code"], ".".join(error["extensions"]["inputPath"])) == ("BAD_USER_INPUT", at)
    assert received == []


@pytest.mark.parametrize("vendor", EVERY)
async def test_a_body_that_is_too_large_is_refused_before_any_call(vendor: str) -> None:
    """Broken, one caller could fill our memory, or a vendor's."""
    given = {"id": PEOPLE[vendor], "fields": {"firstName": "x" * BODY_BYTES}}
    async with open_writing(vendor) as world:
        assert await refuse(world, "updateSubscriber", given) == (("BAD_REQUEST", "BODY_TOO_LARGE"), "", [])


def _taximail(code: int, text: str) -> str:
    return f'{{"status":"error","code":{code},"err_msg":"{text}"}}'


def _v5(code: int, text: str) -> str:
    return f'{{"code":{code},"name":"Bad Request","description":"{text}"}}'


OK: Final = '{"code":200,"name":"OK","description":""}'
GIVEN: Final = {str(case): case.given for case in CASES}
TWO: Final = {**V5, "items": [{"email": "a@example.com"}, {"email": "b@example.com"}]}
REF_TAKEN: Final = {"source": "taguchi_v4", "fields": {"ref": "crm-1"}}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A write that its vendor refuses: by which call, with which body, and the code and words that are told."""

    case: str
    match: str
    code: str
    said: str
    body: str | None = None
    given: Mapping[str, Any] | None = None


REFUSALS: Final = {
    "V4 400": Refusal(
        "taguchi_v4 createSubscriber", "_method=POST", "VENDOR_REJECTED", "another subscriber has this", given=REF_TAKEN
    ),
    "V5 400": Refusal(
        "taguchi_v5 createSubscriber", "POST /", "VENDOR_REJECTED", "Bad list", f"[{_v5(400, 'Bad list')}]"
    ),
    "V5 409": Refusal("taguchi_v5 createSubscriber", "POST /", "CONFLICT", "Two people", f"[{_v5(409, 'Two people')}]"),
    "Taximail 400": Refusal(
        "taximail createSubscriber", "/import", "VENDOR_REJECTED", "Please specify", _taximail(400, "Please specify")
    ),
    "Taximail 409": Refusal(
        "taximail createSubscriber", "/import", "CONFLICT", "Field key duplicate", _taximail(409, "Field key duplicate")
    ),
    "Sendios 400": Refusal(
        "sendios updateSubscriber",
        "PUT /v1/userfields",
        "VENDOR_REJECTED",
        "gender is wrong",
        '{"_meta":{"status":"ERROR","time":1,"count":1},"data":{"error":"gender is wrong"}}',
    ),
    "Talon.One 400": Refusal(
        "talon_one updateCustomerProfile",
        "/cdp/customer_profile/",
        "VENDOR_REJECTED",
        "No such tier",
        '{"StatusCode":400,"Error":"No such tier"}',
    ),
    "Talon.One 409": Refusal(
        "talon_one updateCustomerProfile",
        "/cdp/customer_profile/",
        "CONFLICT",
        "Busy",
        '{"StatusCode":409,"Error":"Busy"}',
    ),
}
"""Sendios and Taguchi V4 name no 409: what is at odds with what they hold is a 400."""


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_a_vendors_refusal_is_told_in_its_words(refusal: Refusal) -> None:
    """Broken, a caller would learn that something is wrong, and not what; or it would be sent again."""
    vendor, mutation = refusal.case.split()
    async with open_writing(vendor) as world:
        if refusal.body is not None:
            await world.misbehave(vendor, kind="json", match=refusal.match, body=refusal.body)
        payload = await world.write(mutation, **(refusal.given or GIVEN[refusal.case]))
        sent = [each for each in world.list_writes(vendor) if refusal.match in each.line]

    (error,) = payload["errors"]
    assert (payload["outcome"], error["code"], len(sent)) == ("REJECTED", refusal.code, 1)
    assert refusal.said in error["vendorMessage"]
    assert isinstance(error["vendorStatus"], int)


async def read_items(world: Writing, payload: Any) -> list[Any]:
    found: list[Any] = (await world.read(ITEMS, id=payload["operation"]["id"]))["writeOperation"]["items"]["nodes"]
    return found


async def test_the_item_that_a_vendor_refuses_is_named() -> None:
    """Broken, one bad item of many would be called done, or the good ones lost."""
    async with open_writing("taguchi_v5") as world:
        await world.misbehave("taguchi_v5", kind="json", match="POST /", body=f"[{OK},{_v5(400, 'Bad list')}]")
        payload = await world.write("upsertSubscribers", **TWO)
        items = await read_items(world, payload)

    assert items == [
        {"place": 0, "outcome": "APPLIED", "error": None},
        {
            "place": 1,
            "outcome": "REJECTED",
            "error": {
                "code": "VENDOR_REJECTED",
                "reason": "NOT_ACCEPTED",
                "vendorMessage": "Bad list",
                "vendorStatus": 400,
            },
        },
    ]


@pytest.mark.parametrize(
    ("mutation", "match"),
    [("importSubscribers", "/commit/"), ("deleteContacts", "DELETE /"), ("createSubscriber", "/commit/")],
)
async def test_a_token_that_was_used_is_told_and_not_used_again(mutation: str, match: str) -> None:
    """Broken, a step that was taken twice would be called done, or be taken a third time."""
    case = next(each for each in OF_TAXIMAIL if each.mutation == mutation)
    used = _taximail(404, "This token has been used or invalid.")
    async with open_writing("taximail") as world:
        await world.misbehave("taximail", kind="json", match=match, body=used)
        payload = await world.write(mutation, **case.given, idempotencyKey="k")
        again = await world.write(mutation, **case.given, idempotencyKey="k")
        sent = [each.line for each in world.list_writes("taximail") if match in each.line]

    (error,) = payload["errors"]
    assert (payload["outcome"], error["code"], error["reason"]) == ("REJECTED", "NOT_FOUND", "TOKEN_USED")
    assert error["vendorMessage"] == "This token has been used or invalid."
    assert again["operation"] == payload["operation"]
    assert sent
    assert len(sent) == len({*sent})


async def test_what_divides_values_may_stand_in_them_where_nothing_is_divided() -> None:
    """Broken, a name with a comma could not be written, though an import in quotes and an update can hold it."""
    people = {"source": "taximail", "listId": "402", "items": [{"email": "q@example.com", "firstName": "a,b"}]}
    async with open_writing("taximail") as world:
        imported = await world.write("importSubscribers", **people)
        changed = await world.write("updateSubscriber", id=PEOPLE["taximail"], fields={"firstName": "a|:|b"})
        query = "query($id: ID!) { node(id: $id) { ... on Subscriber { firstName } } }"
        kept = (await world.read(query, id=PEOPLE["taximail"]))["node"]
        query = '{ subscribers(source: "taximail", filter: {email: {eq: "q@example.com"}}) { nodes { firstName } } }'
        found = (await world.read(query))["subscribers"]["nodes"]

    assert (imported["outcome"], changed["outcome"]) == ("APPLIED", "APPLIED")
    assert (kept, found) == ({"firstName": "a|:|b"}, [{"firstName": "a,b"}])
