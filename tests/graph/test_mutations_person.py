"""One person written to at every vendor at once: a part each, each with an outcome of its own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from adapters.contract import SandboxParts
from adapters.sandbox.cast import CAST
from graph.execution.engine import ExecutorName
from resolvers.principal import LOCAL, Principal, Scope
from tests.graph.conftest import seed_every
from tests.graph.every_source import EVERY, OpenGraph, Sources, open_every

PART: Final = """sourceId mutation outcome errors { code reason message path }
  operation { id outcome idempotencyKey } requests { step method } subscriber { vendorId }"""
FIND: Final = """query($email: String) {
  person(email: $email) { subscription profiles { sourceId subscription subscriber { vendorId firstName email } } }
}"""
LEDGER: Final = "{ writeOperations(first: 100) { nodes { mutation sourceId } } }"
SENDIOS_REASON: Final = "Sendios makes people only by sending to them"
NO_ERASING: Final = {"taguchi_v4", "talon_one"}


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, SandboxParts]]:
    """Every vendor's sandbox, seeded for this module alone: what is written here stays written."""
    with seed_every() as parts:
        yield parts


@pytest.fixture
async def every(open_graph: OpenGraph) -> AsyncIterator[Sources]:
    """The graph over every vendor."""
    async with open_every(open_graph, limit_deadline_s=20.0) as opened:
        yield opened


def write(name: str, more: str = "") -> str:
    kind = name[0].upper() + name[1:]
    return (
        f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ "
        f"parts {{ {PART} }} counts {{ outcome state count }} {more} }} }}"
    )


async def run(every: Sources, name: str, more: str = "", /, **given: Any) -> Any:
    return (await every.ask(write(name, more), input=given))[name]


async def refuse(every: Sources, name: str, /, **given: Any) -> Any:
    """Return the error of a write that is refused as a whole."""
    body = await every.graph.run(write(name), input=given)
    assert body["data"] == {name: None}
    (error,) = body["errors"]
    return error["extensions"]


async def profiles_of(every: Sources, email: str) -> list[Any]:
    person = (await every.ask(FIND, email=email))["person"]
    return person["profiles"] if person else []


def by_source(payload: Any, field: str = "outcome") -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    for part in payload["parts"]:
        found.setdefault(part["sourceId"], set()).add(part[field])
    return found


async def written(every: Sources) -> Counter[str]:
    """How many requests each vendor received that may write."""
    calls = {name: (await door.get("/_sandbox/calls")).json() for name, door in every.doors.items()}
    return Counter({name: sum(call["method"] != "GET" for call in each) for name, each in calls.items()})


async def test_a_person_is_changed_at_every_source_that_can(every: Sources):
    """Broken, one would have to know every vendor and every id to change one person."""
    email = CAST[0].email

    payload = await run(every, "upsertPerson", email=email, fields={"firstName": "Tom"})

    outcomes = by_source(payload)
    assert set(outcomes) == set(EVERY)
    assert {name for name, words in outcomes.items() if words <= {"APPLIED", "ACCEPTED"}} == {
        "taguchi_v4",
        "taguchi_v5",
        "taximail",
    }
    for part in payload["parts"]:
        if part["outcome"] == "NOT_SENT":
            assert part["errors"][0]["reason"] == "CAPABILITY_MISSING"
            assert part["operation"] is None
    changed = {each["sourceId"] for each in await profiles_of(every, email) if each["subscriber"]["firstName"] == "Tom"}
    assert changed == {"taguchi_v4", "taguchi_v5", "taximail"}


async def test_who_is_known_nowhere_is_made_but_never_by_a_mail(every: Sources):
    """Broken, making somebody everywhere would send a mail at Sendios, or stop for it."""
    payload = await run(every, "upsertPerson", email="new@shop.example", ref="new-1", fields={})

    outcomes = by_source(payload)
    assert outcomes["taguchi_v4"] == outcomes["taguchi_v5"] == {"APPLIED"}
    assert by_source(payload, "mutation")["sendios"] == {"upsertSubscriber"}
    (refused,) = (part for part in payload["parts"] if part["sourceId"] == "sendios")
    assert refused["outcome"] == "NOT_SENT"
    assert SENDIOS_REASON in refused["errors"][0]["message"]
    assert (await written(every))["sendios"] == 0
    made = {each["sourceId"] for each in await profiles_of(every, "new@shop.example")}
    assert {"taguchi_v4", "taguchi_v5"} <= made
    assert "sendios" not in made


async def test_making_a_person_again_under_one_key_makes_nobody_twice(every: Sources):
    """Broken, who was made would be changed by the repetition, which a caller sends when an answer is lost."""
    given = {"email": "twice@shop.example", "fields": {"firstName": "T"}, "sources": ["taguchi_v4"]}

    first = await run(every, "upsertPerson", **given, idempotencyKey="twice")
    before = await written(every)
    second = await run(every, "upsertPerson", **given, idempotencyKey="twice")

    assert [part["mutation"] for part in second["parts"]] == ["upsertSubscriber"]
    assert second == first
    assert await written(every) == before


async def test_who_opts_out_is_opted_out_everywhere(every: Sources):
    """Broken, somebody who wants no more mail would go on getting some."""
    email = CAST[1].email
    known = {each["sourceId"] for each in await profiles_of(every, email)}

    payload = await run(every, "unsubscribePerson", email=email)

    person = (await every.ask(FIND, email=email))["person"]
    able = known - {"talon_one"}
    assert len(able) > 1
    outcomes = by_source(payload)
    assert all(outcomes[name] <= {"APPLIED", "ACCEPTED"} for name in able)
    assert all(outcomes[name] == {"SKIPPED"} for name in set(EVERY) - known - {"talon_one"})
    assert outcomes["talon_one"] == {"NOT_SENT"}
    assert person["subscription"] == "UNSUBSCRIBED"
    states = {(each["sourceId"], each["subscription"]) for each in person["profiles"] if each["sourceId"] in able}
    assert states == {(name, "UNSUBSCRIBED") for name in able}


async def test_counts_tell_how_many_parts_had_each_outcome(every: Sources):
    """Broken, a caller would have to count, or would be told one word for what has several."""
    payload = await run(every, "unsubscribePerson", email="nobody@shop.example")

    counted = Counter(part["outcome"] for part in payload["parts"])
    assert counted == {"SKIPPED": 4, "NOT_SENT": 1}
    told = {(each["state"], each["outcome"]): each["count"] for each in payload["counts"]}
    assert told == {("DONE", "NOT_SENT"): 1, ("DONE", "SKIPPED"): 4}
    assert {part["errors"][0]["code"] for part in payload["parts"]} == {"NOT_FOUND", "BAD_USER_INPUT"}


@pytest.mark.parametrize("executor", list(ExecutorName), indirect=True)
@pytest.mark.parametrize("name", ["upsertPerson", "unsubscribePerson", "erasePerson"])
async def test_a_dry_run_plans_every_part_and_writes_nothing(every: Sources, name: str):
    """Broken, a preview would erase somebody."""
    more = {"fields": {"lastName": "Z"}} if name == "upsertPerson" else {}
    before = await profiles_of(every, CAST[2].email)

    payload = await run(every, name, email=CAST[2].email, dryRun=True, idempotencyKey="dry", **more)

    outcomes = {part["outcome"] for part in payload["parts"]}
    assert "PLANNED" in outcomes
    assert outcomes <= {"PLANNED", "NOT_SENT", "SKIPPED"}
    assert all(part["requests"] or part["outcome"] != "PLANNED" for part in payload["parts"])
    assert all(part["operation"] is None for part in payload["parts"])
    assert await profiles_of(every, CAST[2].email) == before
    assert (await every.ask(LEDGER))["writeOperations"]["nodes"] == []


async def test_a_source_that_fails_leaves_the_others_their_outcomes(every: Sources):
    """Broken, one vendor that is down would keep a person subscribed at all others."""
    email = CAST[3].email
    await every.misbehave("taguchi_v4", kind="status", status=500, times=100)

    payload = await run(every, "unsubscribePerson", email=email)

    outcomes = by_source(payload)
    assert outcomes["taguchi_v4"] == {"NOT_SENT"}
    (down,) = (part for part in payload["parts"] if part["sourceId"] == "taguchi_v4")
    assert down["errors"][0]["code"] == "VENDOR_UNAVAILABLE"
    others = ("sendios", "taguchi_v5", "taximail")
    assert all(outcomes[name] <= {"APPLIED", "ACCEPTED", "SKIPPED"} for name in others)
    assert any("APPLIED" in words for words in outcomes.values())


async def test_one_key_is_one_write_however_often_it_is_sent(every: Sources):
    """Broken, a repeated wish would be written again, and told differently."""
    given = {"email": CAST[4].email, "idempotencyKey": "once"}

    first, *others = await asyncio.gather(*(run(every, "unsubscribePerson", **given) for _ in range(5)))
    before = await written(every)
    again = await run(every, "unsubscribePerson", **given)

    assert all(other == first for other in others)
    assert again == first
    assert await written(every) == before
    sent = [part for part in first["parts"] if part["operation"]]
    assert len({part["operation"]["idempotencyKey"] for part in sent}) == len(sent) > 1
    error = await refuse(every, "unsubscribePerson", email=CAST[5].email, idempotencyKey="once")
    assert (error["code"], error["reason"]) == ("BAD_USER_INPUT", "IDEMPOTENCY_MISMATCH")


async def test_the_parts_alone_are_among_the_writes(every: Sources):
    """Broken, the ledger would list a write at no source."""
    payload = await run(every, "unsubscribePerson", email=CAST[6].email, idempotencyKey="listed")

    listed = (await every.ask(LEDGER))["writeOperations"]["nodes"]
    sent = [part for part in payload["parts"] if part["operation"]]
    assert sorted((each["mutation"], each["sourceId"]) for each in listed) == sorted(
        (part["mutation"], part["sourceId"]) for part in sent
    )


async def test_a_person_is_erased_as_well_as_each_source_can(every: Sources):
    """Broken, an erased person would stay with some vendor, or in our own ledger."""
    email = CAST[7].email
    known = {each["sourceId"] for each in await profiles_of(every, email)}
    entered = await run(every, "upsertPerson", email=email, fields={"lastName": "Gone"}, idempotencyKey="before")
    rows = [part for part in entered["parts"] if part["operation"]]

    payload = await run(every, "erasePerson", "forgottenCount", email=email, idempotencyKey="erase")
    before = await written(every)
    again = await run(every, "erasePerson", "forgottenCount", email=email, idempotencyKey="erase")

    outcomes = by_source(payload)
    assert known - NO_ERASING
    assert all(outcomes[name] <= {"APPLIED", "ACCEPTED"} for name in known - NO_ERASING)
    assert all(outcomes[name] == {"NOT_SENT"} for name in NO_ERASING)
    assert payload["forgottenCount"] == len(rows) + 1 > 1, "each part's row, and that of the answer"
    assert again == payload
    assert await written(every) == before
    assert {each["sourceId"] for each in await profiles_of(every, email)} <= NO_ERASING


async def test_sources_narrow_it(every: Sources):
    """Broken, somebody who leaves one brand would leave them all."""
    payload = await run(every, "unsubscribePerson", email=CAST[9].email, sources=["taguchi_v5"])

    assert set(by_source(payload)) == {"taguchi_v5"}
    assert (await every.count_calls()).keys() == {"taguchi_v5"}
    unknown = await refuse(every, "unsubscribePerson", email=CAST[9].email, sources=["nowhere"])
    assert unknown["reason"] == "SOURCE_UNKNOWN"
    assert (await refuse(every, "unsubscribePerson", email=CAST[9].email, sources=[]))["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("named", [{}, {"email": " "}, {"ref": ""}, {"phone": "\n"}])
async def test_somebody_must_be_named(every: Sources, named: dict[str, str]):
    """Broken, an empty address would be everybody without one."""
    assert (await refuse(every, "erasePerson", **named))["code"] == "BAD_USER_INPUT"
    assert await every.count_calls() == {}


@pytest.mark.parametrize(
    ("scopes", "more", "needed"),
    [
        ({Scope.READ, Scope.PII}, {}, "write"),
        ({Scope.READ, Scope.WRITE}, {"consent": {"basis": "asked"}}, "consent"),
    ],
)
async def test_scopes_are_needed(open_graph: OpenGraph, scopes: set[Scope], more: dict[str, Any], needed: str):
    """Broken, whoever may read could erase."""
    principal: Principal = replace(LOCAL, scopes=frozenset(scopes))
    async with open_every(open_graph, principal=principal) as every:
        body = await every.graph.run(write("upsertPerson"), input={"email": CAST[0].email, "fields": {}, **more})
        calls = await every.count_calls()

    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("FORBIDDEN", "SCOPE_MISSING")
    assert needed in error["message"]
    assert calls == {}


async def test_without_pii_a_person_is_written_to_and_not_shown(open_graph: OpenGraph):
    """Broken, a form on a site could not opt anybody out, or would show who it was."""
    principal = replace(LOCAL, scopes=frozenset({Scope.READ, Scope.WRITE}))
    query = write("unsubscribePerson").replace("vendorId", "vendorId email")
    async with open_every(open_graph, principal=principal, limit_deadline_s=20.0) as every:
        payload = (await every.ask(query, input={"email": CAST[10].email}))["unsubscribePerson"]

    applied = [part for part in payload["parts"] if part["outcome"] in {"APPLIED", "ACCEPTED"}]
    assert applied
    assert CAST[10].email not in {str(part["subscriber"] and part["subscriber"]["email"]).lower() for part in applied}


async def test_it_is_explained_without_being_done(every: Sources):
    """Broken, the plan of a write to everybody's vendors would say nothing, or do it."""
    body = await every.graph.run(
        write("unsubscribePerson"), explain=True, input={"email": CAST[11].email, "dryRun": True}
    )

    planned = body["extensions"]["plan"]
    assert {call["source"] for call in planned["calls"]} == set(EVERY)
