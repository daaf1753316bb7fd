"""Every mutation at every vendor that can do it: a dry run writes nothing, and what it shows is what is then sent."""

from typing import Any, Final
from urllib.parse import unquote

import pytest

from adapters.registry import find_vendors
from graph.schema import schema
from graph.server.sources import embedded_sandbox
from tests.graph.every_source import EVERY
from tests.graph.every_writer import assert_sent_as_shown, build_write, open_writing
from tests.graph.write_cases import CASES, THOMAS, Case

EVERYWHERE: Final = frozenset({"upsertPerson", "unsubscribePerson", "erasePerson"})
"""Mutations that become others at every source."""


def list_abilities() -> set[tuple[str, str]]:
    """Every mutation with every vendor whose sandbox can do it, from the capability tables."""
    return {(name, source.vendor) for source in embedded_sandbox().by_name.values() for name in source.writes}


def test_every_mutation_of_every_vendor_has_a_case() -> None:
    """A write nobody tries would be shown in one way and sent in another."""
    fields = schema._schema.mutation_type
    assert fields is not None
    abilities = list_abilities()

    assert {(case.mutation, case.vendor) for case in CASES} == abilities
    assert set(fields.fields) == {name for name, _ in abilities} | EVERYWHERE
    assert {vendor for _, vendor in abilities} == set(find_vendors())


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_what_is_shown_is_what_is_sent(case: Case) -> None:
    """A preview would write, show something else than is done, or let a key write twice."""
    async with open_writing(case.vendor) as world:
        planned = await world.write(case.mutation, **case.given, dryRun=True)
        written = world.list_writes(case.vendor)
        world.forget()
        done = await world.write(case.mutation, **case.given, idempotencyKey="once")
        received, sent = [*world.taps[case.vendor].received], world.list_writes(case.vendor)
        again = await world.write(case.mutation, **case.given, idempotencyKey="once")
        repeated = world.list_writes(case.vendor)

    assert (planned["outcome"], planned["operation"], written) == ("PLANNED", None, [])
    assert done["outcome"] in {"APPLIED", "ACCEPTED"}, done
    assert planned["requests"]
    assert_sent_as_shown(case.vendor, planned["requests"], received)
    assert repeated == sent
    assert (again["outcome"], again["operation"]["id"]) == (done["outcome"], done["operation"]["id"])


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_the_reads_of_a_dry_run_are_listed(case: Case) -> None:
    """Calls that nobody is told of would spend a vendor's budget unseen."""
    document = {"query": build_write(case.mutation, "outcome"), "variables": {"input": {**case.given, "dryRun": True}}}
    async with open_writing(case.vendor) as world:
        answer = (await world.client.post("/graphql", json=document, headers={"X-Explain": "1"})).json()
        asked = [each for tap in world.taps.values() for each in tap.received]

    listed = [call["url"].partition("?")[0] for call in answer["extensions"]["plan"]["calls"]]
    assert sorted(map(unquote, listed)) == sorted(unquote(each.url.partition("?")[0]) for each in asked)


PARTS: Final = "parts { sourceId mutation outcome requests { method url body } errors { code reason } }"
PEOPLE: Final[dict[str, dict[str, Any]]] = {
    "upsertPerson": {"email": THOMAS, "fields": {"title": "Dr"}},
    "unsubscribePerson": {"email": THOMAS},
    "erasePerson": {"email": THOMAS},
}


@pytest.mark.parametrize("name", sorted(EVERYWHERE))
async def test_the_parts_of_a_write_everywhere_are_sent_as_they_are_shown(name: str) -> None:
    """What one person's record becomes at five vendors must be known beforehand."""
    document = build_write(name, PARTS)
    async with open_writing(*EVERY) as world:
        shown = (await world.read(document, input={**PEOPLE[name], "dryRun": True}))[name]["parts"]
        written = [each for vendor in EVERY for each in world.list_writes(vendor)]
        world.forget()
        done = (await world.read(document, input=PEOPLE[name]))[name]["parts"]
        received = {vendor: [*world.taps[vendor].received] for vendor in EVERY}

    assert written == []
    assert [each["outcome"] for each in done].count("APPLIED") + [each["outcome"] for each in done].count("ACCEPTED")
    for vendor in EVERY:
        requests = [each for part in shown if part["sourceId"] == vendor for each in part["requests"]]
        assert_sent_as_shown(vendor, requests, received[vendor])
