"""
One person over every vendor: who is found by what, where profiles disagree, what it costs and who may see it.
"""

import dataclasses
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import pytest

from adapters.contract import SandboxParts
from adapters.identity import to_e164, to_email_key
from adapters.sandbox.cast import CAST
from resolvers.principal import Principal, Scope
from tests.graph.every_source import EVERY, THOMAS, OpenGraph, Sources, open_every

ASK: Final = """query($email: String, $phone: String, $ref: String) {
  person(email: $email, phone: $phone, ref: $ref) {
    profiles { sourceId matchedBy subscription subscriber { vendorId ref email phone mobile firstName } }
    conflicts { field values { sourceId value } }
    subscription
    completeness { sourceId state rows reason }
  }
}"""

CAREFUL: Final = ("UNSUBSCRIBED", "BOUNCED", "SUBSCRIBED", "UNKNOWN")


@pytest.fixture
async def every(open_graph: OpenGraph) -> AsyncIterator[Sources]:
    """The graph over every vendor."""
    async with open_every(open_graph, limit_deadline_s=20.0) as opened:
        yield opened


async def find(every: Sources, **by: str) -> Any:
    return (await every.ask(ASK, **by))["person"]


def sources_of(person: Any) -> set[str]:
    return {profile["sourceId"] for profile in person["profiles"]} if person else set()


async def test_a_person_is_found_in_every_source_by_their_address(every: Sources):
    """Somebody who wrote their address in capitals at one vendor would be two people."""
    person = await find(every, email=f"  {THOMAS.upper()} ")

    assert sources_of(person) == set(EVERY)
    assert {to_email_key(profile["subscriber"]["email"]) for profile in person["profiles"]} == {THOMAS}
    assert all("EMAIL" in profile["matchedBy"] for profile in person["profiles"])
    assert {each["state"] for each in person["completeness"]} == {"OK"}


async def test_letters_differ_somewhere(every: Sources):
    """Broken, the test above would hold for vendors that all write alike."""
    people = [await find(every, email=member.email) for member in CAST]

    told = [{profile["subscriber"]["email"] for profile in person["profiles"]} for person in people if person]
    assert any(len(addresses) > 1 for addresses in told)
    assert all(len(set(map(to_email_key, addresses))) == 1 for addresses in told)


async def test_a_plus_tag_is_another_person(every: Sources):
    """Somebody with a tagged address would be shown the orders of whoever has the plain one."""
    name, _, domain = THOMAS.partition("@")

    assert sources_of(await find(every, email=f"{name}+sale@{domain}")) < set(EVERY)
    assert sources_of(await find(every, email=f"t.homas_1@{domain}")) == set()


async def test_a_number_is_found_in_any_form(every: Sources):
    """A number would have to be typed as each vendor happens to keep it."""
    found = {
        form: sources_of(await find(every, phone=form)) for form in ("+61489701378", "+61 489 701 378", "0489 701 378")
    }

    assert found["+61489701378"] == found["+61 489 701 378"]
    assert found["0489 701 378"] <= found["+61489701378"]
    assert len(found["+61489701378"]) > 1


async def test_who_is_found_by_a_number_has_that_number(every: Sources):
    """A number that only looks alike would be somebody else's."""
    for member in CAST[:8]:
        person = await find(every, phone=member.mobile)
        for profile in person["profiles"] if person else ():
            told = {profile["subscriber"]["phone"], profile["subscriber"]["mobile"]} - {None}
            assert member.mobile in {to_e164(text, "AU") for text in told}
            assert profile["matchedBy"] == ["PHONE"]


async def test_sources_that_cannot_look_by_it_say_so(every: Sources):
    """A source that keeps no numbers would look like one that does not know the person."""
    person = await find(every, phone="+61489701378")

    states = {each["sourceId"]: each for each in person["completeness"]}
    assert states["sendios"]["state"] == "UNSUPPORTED"
    assert states["sendios"]["reason"]
    assert set(states) == set(EVERY)


async def test_a_key_of_ones_own_finds_a_person(every: Sources):
    """The company's own key is what its systems know people by."""
    person = await find(every, ref="crm-000001")

    assert sources_of(person) >= {"taguchi_v4", "talon_one"}
    assert {profile["subscriber"]["ref"] for profile in person["profiles"]} == {"crm-000001"}


async def test_any_of_several_finds_a_person(every: Sources):
    """Profiles that share a key and no address would stay apart."""
    person = await find(every, email=THOMAS, ref="crm-000001", phone="+61489701378")

    assert sources_of(person) == set(EVERY)
    v4 = [profile["matchedBy"] for profile in person["profiles"] if profile["sourceId"] == "taguchi_v4"]
    assert {"EMAIL", "REF"} <= set(v4[0])
    assert len({(each["sourceId"], each["subscriber"]["vendorId"]) for each in person["profiles"]}) == len(
        person["profiles"]
    )


async def test_nobody_is_nobody(every: Sources):
    """A stranger would be an error, or somebody, or nobody without a word of who was asked."""
    person = await find(every, email="stranger@example.invalid")

    assert (person["profiles"], person["conflicts"], person["subscription"]) == ([], [], "UNKNOWN")
    assert {(each["sourceId"], each["state"], each["rows"]) for each in person["completeness"]} == {
        (source, "OK", 0) for source in EVERY
    }


@pytest.mark.parametrize(
    "by",
    [{}, {"email": " "}, {"ref": "a\tb"}, {"phone": "abc"}, {"email": "no at sign"}, {"ref": " "}],
    ids=["nothing", "space", "a control character", "no number", "no address", "a blank key"],
)
async def test_who_names_nobody_is_refused_before_any_call(every: Sources, by: dict[str, Any]):
    """A question about nobody would be a question about everybody."""
    body = await every.graph.run(ASK, **by)

    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert await every.count_calls() == {}


async def test_conflicts_are_what_differs(every: Sources):
    """A form of writing would be shown as a disagreement, or a disagreement be hidden."""
    seen = set()
    for member in CAST:
        person = await find(every, email=member.email)
        for conflict in person["conflicts"] if person else ():
            seen.add(conflict["field"])
            texts = [each["value"] for each in conflict["values"]]
            assert len(set(map(_fold(conflict["field"]), texts))) > 1, conflict
            assert {each["sourceId"] for each in conflict["values"]} <= sources_of(person)
            assert conflict["field"] != "email"
    assert seen


def _fold(field: str) -> Any:
    if field in {"phone", "mobile"}:
        return lambda text: to_e164(text, "AU") or text
    return str if field == "ref" else lambda text: " ".join(text.split()).casefold()


async def test_the_most_careful_word_counts(every: Sources):
    """Somebody who opted out at one vendor would be written to, because another has not heard of it."""
    words = set()
    for member in CAST:
        person = await find(every, email=member.email)
        states = [profile["subscription"] for profile in person["profiles"]] if person else []
        if person:
            assert person["subscription"] == next(word for word in CAREFUL if word in states)
            words.add(person["subscription"])
    assert len(words) > 1


async def test_a_person_costs_what_is_promised(every: Sources):
    """Looking for one person everywhere would cost more than it may."""
    lists = len((await every.ask('{ lists(source: "taximail", first: 100) { nodes { vendorId } } }'))["lists"]["nodes"])
    await find(every, email=THOMAS)
    await every.graph.forget_calls()

    await find(every, email=THOMAS)

    assert await every.count_calls() == {
        "sendios": 2,
        "taguchi_v4": 1,
        "taguchi_v5": 1,
        "talon_one": 1,
        "taximail": 1 + lists,
    }


async def test_calls_stand_in_no_queue(every: Sources):
    """Calls that could be made side by side would wait for one another."""
    await find(every, email=THOMAS)
    for name in EVERY:
        await every.misbehave(name, kind="delay", seconds=0.1)

    body = await every.graph.run(ASK, explain=True, email=THOMAS)

    calls = body["extensions"]["plan"]["calls"]
    rounds = {name: count_rounds([call for call in calls if call["source"] == name]) for name in EVERY}
    assert rounds == {**dict.fromkeys(EVERY, 1), "taximail": 2}
    assert max(call["startedMs"] for call in calls if call["source"] != "taximail") < 100


def count_rounds(calls: Sequence[Mapping[str, Any]]) -> int:
    """Return how many of a source's calls had to wait for one another."""
    rounds, free_at = 0, -1.0
    for call in sorted(calls, key=lambda each: each["startedMs"]):
        if call["startedMs"] >= free_at:
            rounds += 1
            free_at = call["startedMs"] + call["durationMs"]
    return rounds


WITHOUT_PII: Final = Principal("analyst", frozenset({Scope.READ, Scope.EXPLAIN}))


async def test_without_pii_nobody_is_looked_up_by_address_or_number(open_graph: OpenGraph):
    """Who may not see addresses could try them one by one."""
    async with open_every(open_graph, principal=WITHOUT_PII) as every:
        asked: list[dict[str, Any]] = [
            {"email": THOMAS},
            {"phone": "+61489701378"},
            {"ref": "crm-000001", "email": THOMAS},
        ]
        for by in asked:
            body = await every.graph.run(ASK, **by)
            assert [error["extensions"]["code"] for error in body["errors"]] == ["FORBIDDEN"]
        assert await every.count_calls() == {}


async def test_without_pii_a_person_is_masked(open_graph: OpenGraph):
    """Names and numbers would come out by the profiles, or by how they differ."""
    async with open_every(open_graph) as every:
        whole = await find(every, ref="crm-000001")
    async with open_every(open_graph, principal=WITHOUT_PII) as every:
        person = await find(every, ref="crm-000001")
        body = await every.graph.run(ASK, explain=True, ref="crm-000001")

    assert sources_of(person) == sources_of(whole)
    personal = {
        text
        for profile in whole["profiles"]
        for name in ("email", "phone", "mobile", "firstName")
        if (text := profile["subscriber"][name])
    }
    assert personal
    assert not [text for text in personal if text in str(body)]
    assert {conflict["field"] for conflict in person["conflicts"]} <= {"ref"}
    assert person["subscription"] == whole["subscription"]


async def test_a_local_number_needs_a_region(sandboxes: dict[str, SandboxParts], open_graph: OpenGraph):
    """A local number would be completed with a country that nobody named, and be somebody else's."""
    async with open_every(open_graph) as every:
        known = sources_of(await find(every, phone="0489 701 378"))
    regional = {name: dict(parts.table) for name, parts in sandboxes.items() if name in known}
    for name, table in regional.items():
        table.pop("region", None)
        sandboxes[name] = dataclasses.replace(sandboxes[name], table=table)
    try:
        async with open_every(open_graph) as every:
            local = sources_of(await find(every, phone="0489 701 378"))
            whole = sources_of(await find(every, phone="+61489701378"))
    finally:
        for name, table in regional.items():
            sandboxes[name] = dataclasses.replace(sandboxes[name], table={**table, "region": "AU"})

    assert known
    assert local == set()
    assert whole
    assert whole <= known


@pytest.mark.parametrize(
    ("known_by", "calls"),
    [
        (f'email: "{THOMAS}"', 1),
        ('ref: "crm-000001"', 1),
        ('phone: "+61489701378"', 2),
        (f'email: "{THOMAS}", phone: "+61489701378", ref: "crm-000001"', 4),
    ],
    ids=["address", "reference", "number", "all three"],
)
async def test_a_person_costs_a_taguchi_source_as_many_calls_as_promised(every: Sources, known_by: str, calls: int):
    """The vendor joins what it is asked for by "and" alone, so every way a person may be known is a call."""
    await every.ask(f"{{ person({known_by}) {{ profiles {{ sourceId }} }} }}")

    assert (await every.count_calls())["taguchi_v4"] == calls
