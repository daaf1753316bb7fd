"""Whom a sending may reach: everybody is looked for at once, anew, in every source, by all they are known by."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any, Final

import pytest

from adapters.contract import SandboxParts
from adapters.sandbox.cast import CAST, Member
from tests.graph.bulk_words import read_outcome
from tests.graph.conftest import seed_every
from tests.graph.every_source import OpenGraph, Sources, open_every
from tests.graph.every_writer import open_writing

SEND: Final = """mutation($input: SendMessageInput!) { sendMessage(input: $input) {
  told: operation { outcome } warnings requests { body } operation { itemCount counts { outcome count } } } }"""
PERSON: Final = (
    "query($email: String) { person(email: $email) { subscription profiles { sourceId subscriber { id } } } }"
)
LEAVE: Final = "mutation($id: ID!) { unsubscribe(input: {id: $id}) { outcome } }"


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, SandboxParts]]:
    """Every vendor's sandbox, seeded for this module alone: three of the five who can be reached opt out here."""
    with seed_every() as parts:
        yield parts


@pytest.fixture
async def every(open_graph: OpenGraph) -> AsyncIterator[Sources]:
    """The graph over every vendor."""
    async with open_every(open_graph, limit_deadline_s=20.0) as opened:
        yield opened


async def list_reachable(every: Sources, *sources: str) -> list[tuple[Member, dict[str, str]]]:
    """The members of the cast who have opted out nowhere and are known to some sources, with their ids there."""
    found = []
    for member in CAST:
        person = (await every.ask(PERSON, email=member.email))["person"]
        ids = {each["sourceId"]: each["subscriber"]["id"] for each in person["profiles"]}
        if person["subscription"] == "SUBSCRIBED" and set(sources) <= set(ids):
            found.append((member, ids))
    assert found
    return found


def message(*recipients: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A message by Taguchi V5."""
    return {"source": "taguchi_v5", "activityId": "5", "content": {"a": 1}, "recipients": list(recipients), **more}


async def send(every: Sources, *recipients: dict[str, Any], **more: Any) -> Any:
    return read_outcome((await every.ask(SEND, input=message(*recipients, **more)))["sendMessage"])


async def refuse(every: Sources, *recipients: dict[str, Any], **more: Any) -> Any:
    """Return the error of a message that is refused as a whole."""
    body = await every.graph.run(SEND, input=message(*recipients, **more))
    assert body["data"] == {"sendMessage": None}, body
    (error,) = body["errors"]
    return error["extensions"]


async def test_an_opt_out_is_found_by_what_the_record_is_known_by(every: Sources):
    """Broken, whoever opted out where only addresses are known would get mail sent to a reference or a number."""
    member, ids = (await list_reachable(every, "taximail", "taguchi_v4", "taguchi_v5"))[0]
    ways = [{"ref": member.ref}, {"phone": member.mobile}, {"email": member.email}, {"id": ids["taguchi_v5"]}]
    before = [await send(every, named, dryRun=True) for named in ways]
    await every.ask(LEAVE, id=ids["taximail"])

    refused = [await refuse(every, named, dryRun=True) for named in ways]

    assert {each["outcome"] for each in before} == {"PLANNED"}
    assert {each["reason"] for each in refused} == {"CONSENT_REQUIRED"}


async def test_an_opt_out_counts_at_once(open_graph: OpenGraph):
    """Broken, whoever has just opted out elsewhere would get mail for as long as a read is remembered."""
    settings = {"limit_deadline_s": 20.0, "cache": True}
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(open_every(open_graph, **settings)) for _ in range(2)]
        member, ids = (await list_reachable(one, "taguchi_v4"))[0]
        before = await send(one, {"email": member.email}, dryRun=True)
        await other.ask(LEAVE, id=ids["taguchi_v4"])

        refused = await refuse(one, {"email": member.email}, dryRun=True)

    assert (before["outcome"], refused["reason"]) == ("PLANNED", "CONSENT_REQUIRED")


async def test_many_are_looked_for_together(open_graph: OpenGraph):
    """Broken, nobody could write to more than a handful of people, or it would cost a call for each at every source."""
    async with open_every(open_graph, limit_deadline_s=20.0, limit_vendor_calls=10) as every:
        people = [{"email": f"somebody-{number}@example.com"} for number in range(40)]
        planned = await send(every, *people, dryRun=True)
        calls = await every.count_calls()

    assert (planned["outcome"], len(planned["requests"])) == ("PLANNED", 1)
    assert calls["taguchi_v4"] <= 4
    assert calls["taximail"] <= 20


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 500}, {"kind": "reset"}], ids=["fails", "hangs up"])
async def test_a_source_that_fails_stops_the_sending(every: Sources, fault: dict[str, Any]):
    """Broken, a source that is down would count as one where nobody has opted out."""
    member, _ = (await list_reachable(every))[0]
    await every.misbehave("taximail", **fault)

    refused = await refuse(every, {"email": member.email}, dryRun=True)
    told = await send(every, {"email": member.email}, dryRun=True, recipientsUnchecked=True)

    assert refused["code"] in {"VENDOR_UNAVAILABLE", "VENDOR_TIMEOUT"}
    assert "recipientsUnchecked" in refused["hint"]
    assert told["outcome"] == "PLANNED"
    assert any("taximail" in each for each in told["warnings"])


async def test_a_source_that_cannot_be_asked_is_told(every: Sources):
    """Broken, silence would look like nobody's opt-out."""
    told = await send(every, {"ref": "known-to-nobody"}, dryRun=True)

    unasked = [each.split()[2] for each in told["warnings"] if "cannot be asked whether 1 of 1" in each]
    assert unasked == ["sendios", "taguchi_v5", "taximail"]


async def test_who_is_left_out_is_told(every: Sources):
    """Broken, a caller would think that everybody got it."""
    (one, ids), (two, _), *_ = await list_reachable(every, "taximail")
    await every.ask(LEAVE, id=ids["taximail"])
    people = [{"email": one.email}, {"email": two.email}]

    planned = await send(every, *people, dryRun=True)
    sent = await send(every, *people)

    left_out = "Item 0 is left out: This person has opted out."
    assert planned["warnings"] == sent["warnings"]
    assert left_out in sent["warnings"]
    assert sent["operation"]["itemCount"] == 2
    assert {"outcome": "SKIPPED", "count": 1} in sent["operation"]["counts"]


async def test_nobody_gets_one_message_twice(every: Sources):
    """Broken, whoever is named by address, in another spelling and by reference would get three messages."""
    (member, ids), *_ = await list_reachable(every, "taguchi_v5")
    names = [{"email": member.email}, {"email": member.email.upper()}, {"ref": member.ref}, {"id": ids["taguchi_v5"]}]

    for first in names:
        for second in names:
            refused = await refuse(every, first, second)
            told = (refused["reason"], refused["inputPath"])
            assert told == ("DUPLICATE_ITEM", ["input", "recipients", 1]), (first, second)
    allowed = await refuse(every, *names[:2], allowUnsubscribed=True)
    assert allowed["reason"] == "DUPLICATE_ITEM"


@pytest.mark.parametrize("written", ["josé@bücher.example", "jose\u0301@xn--bcher-kva.example", "josé@BÜCHER.example."])
async def test_an_opt_out_counts_however_the_address_is_written(written: str):
    """Broken, somebody who has opted out would get mail at the same address in other signs."""
    left = {"email": "josé@bücher.example", "unsubscribedAt": "2024-01-01T00:00:00Z"}
    async with open_writing("taguchi_v4", "taguchi_v5") as graph:
        made = await graph.write("createSubscriber", source="taguchi_v4", fields=left)
        body = await graph.ask(SEND, input=message({"email": written}, dryRun=True))

    assert made["outcome"] == "APPLIED"
    assert [error["extensions"].get("reason") for error in body["errors"]] == ["CONSENT_REQUIRED"]
