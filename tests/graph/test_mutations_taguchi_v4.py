"""Mutations of Taguchi V4 by HTTP, over its emulator: from the document to what the vendor holds, and back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4 import ADAPTER
from graph.schema import schema
from resolvers.principal import LOCAL, Principal, Scope
from tests.graph.v4_account import ITEMS, World, id_of


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An account that may be written to by anybody."""
    monkeypatch.setenv("RETAIL_TOKEN", "sandbox-token")
    made = World(tmp_path)
    yield made
    await made.client.aclose()
    await made.app.state.desks.aclose()


def test_every_ability_is_a_mutation() -> None:
    """What a source can write and nobody can ask for is written by nobody."""
    mutation = schema._schema.mutation_type
    assert mutation is not None
    assert set(ADAPTER.build_writes(None)) <= set(mutation.fields)


async def test_people(world: World) -> None:
    """Made, changed, put on a list, opted out: each answer shows the person as it is then."""
    person = "subscriber { ref firstName subscription memberships { listId state } }"
    made = await world.write(
        "createSubscriber",
        "subscriber { id email }",
        source="retail",
        fields={"email": "new@example.org", "clusterId": "3", "memberships": [{"listId": "5"}]},
    )
    id_ = made["subscriber"]["id"]
    changed = await world.write(
        "updateSubscriber", person, id=id_, fields={"firstName": "New", "ref": "n"}, ifUnchanged={"firstName": None}
    )
    left = await world.write("setListMembership", person, id=id_, listId="5", subscribed=False)
    out = await world.write("unsubscribe", person, id=id_)

    assert [each["outcome"] for each in (made, changed, left, out)] == ["APPLIED"] * 4
    assert changed["subscriber"] == {
        "ref": "n",
        "firstName": "New",
        "subscription": "SUBSCRIBED",
        "memberships": [{"listId": "5", "state": "ACTIVE"}],
    }
    assert left["subscriber"]["memberships"] == [{"listId": "5", "state": "LEFT"}]
    assert out["subscriber"]["subscription"] == "UNSUBSCRIBED"
    assert world.written == [
        "subscriber/?_method=POST", *["subscriber/4?_method=PUT"] * 3,
    ]  # fmt: skip


async def test_a_write_is_seen_by_the_next_read(world: World) -> None:
    """What was remembered before a write must not be told after it."""
    asked = "query ($id: ID!) { node(id: $id) { ... on SubscriberList { name } } }"
    id_ = id_of("list", 5)
    assert (await world.ask(asked, id=id_))["data"]["node"] == {"name": "News"}

    await world.write("updateList", id=id_, fields={"name": "Newer"})

    assert (await world.ask(asked, id=id_))["data"]["node"] == {"name": "Newer"}


@pytest.mark.parametrize(
    ("word", "field", "fields", "change"),
    [
        ("List", "list", {"ref": "r", "name": "N", "data": "d"}, {"name": "M"}),
        ("Campaign", "campaign", {"name": "N", "startsAt": "2026-01-01T00:00:00Z"}, {"name": "M"}),
        ("View", "view", {"name": "N", "predicate": "true"}, {"name": "M"}),
        ("Template", "template", {"name": "N", "revisions": [{"content": "<a/>", "format": "<f/>"}]}, {"name": "M"}),
        (
            "Activity",
            "activity",
            {"name": "N", "targetListIds": ["5"], "revisions": [{"content": "<a/>", "approvalStatus": "DEPLOYED"}]},
            {"name": "M", "throttle": 3},
        ),
        ("Import", "imported", {"name": "N", "origin": "fair"}, {"name": "M"}),
    ],
)
async def test_every_noun(world: World, word: str, field: str, fields: Any, change: Any) -> None:
    """Made, changed and removed through the graph; a dry run shows what is then sent."""
    tells = f"{field} {{ id name }}"
    planned = await world.write(f"create{word}", source="retail", fields=fields, dryRun=True)
    made = await world.write(f"create{word}", tells, source="retail", fields=fields)
    changed = await world.write(f"update{word}", tells, id=made[field]["id"], fields=change)
    gone = await world.write(f"delete{word}", id=made[field]["id"])

    assert planned["outcome"] == "PLANNED"
    assert [each["outcome"] for each in (made, changed, gone)] == ["APPLIED"] * 3
    assert (made[field]["name"], changed[field]["name"]) == ("N", "M")
    assert len(world.written) == 3
    first = next(call for call in world.sandbox.calls.entries if call.method == "POST")
    (request,) = planned["requests"]
    assert (request["method"], request["url"]) == ("POST", f"{first.path}?_method=POST&auth=REDACTED")


@pytest.mark.parametrize("pii", [True, False])
async def test_a_dry_run_lists_what_it_has_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pii: bool) -> None:
    """Broken, a dry run would seem to cost nothing, or show in an address whom nobody may look up."""
    monkeypatch.setenv("RETAIL_TOKEN", "sandbox-token")
    scopes = LOCAL.scopes if pii else LOCAL.scopes - {Scope.PII}
    world = World(tmp_path, Principal("ann", scopes))
    given = {"id": id_of("subscriber", 1), "fields": {"firstName": "Ida"}, "dryRun": True}

    planned = await world.write("updateSubscriber", "reads { step method url body }", **given)
    lines = [call.line for call in world.sandbox.calls.entries]
    await world.client.aclose()

    assert [line.partition(" ")[0] for line in lines] == ["GET"]
    (read,) = planned["reads"]
    assert (read["method"], read["body"]) == ("GET", None)
    assert read["url"] == (lines[0].removeprefix("GET ") if pii else "***")


async def test_an_activity_from_making_to_sending(world: World) -> None:
    """Made, proofed, approved, sent; who has opted out gets nothing, and is told apart by place."""
    made = await world.write(
        "createActivity", "activity { id }", source="retail", fields={"name": "A", "revisions": [{"content": "<a/>"}]}
    )
    id_ = made["activity"]["id"]
    people = [{"id": id_of("subscriber", 1), "content": "<for-ada/>"}, {"ref": "crm-2"}, {"email": "eve@example.org"}]
    early = await world.refuse("triggerActivity", id=id_, recipients=people)
    comment = await world.write("commentActivity", id=id_, message="Hm")
    proof = await world.write(
        "proofActivity", id=id_, listId="5", protocol="SMTP", format="MIME", tag="[P]", recipientsUnchecked=True
    )
    approved = await world.write("approveActivity", id=id_, message="Fine")
    sent = await world.write("triggerActivity", "activity { approvalStatus }", id=id_, recipients=people)

    assert (early["code"], early["reason"]) == ("BAD_USER_INPUT", "NOT_APPROVED")
    outcomes = [each["outcome"] for each in (comment, proof, approved, sent)]
    assert outcomes == ["APPLIED", "ACCEPTED", "APPLIED", "ACCEPTED"]
    assert sent["activity"] == {"approvalStatus": "deployed"}
    assert world.written.count("activity/1?_method=TRIGGER") == 2
    got = [
        sum(event["event_ref"] == "s" for event in world.sandbox.store.feed_rows("subscriber", key, "subject-feed"))
        for key in (1, 2, 3)
    ]
    assert got == [1, 0, 1]
    told = await world.ask(ITEMS, id=sent["operation"]["id"])
    assert [node["outcome"] for node in told["data"]["writeOperation"]["items"]["nodes"]] == [
        "APPLIED",
        "SKIPPED",
        "APPLIED",
    ]
    assert told["data"]["writeOperation"]["outcome"] == "APPLIED"


async def test_a_sending_whose_answer_is_lost_stays_open_with_what_the_audit_log_shows(world: World) -> None:
    """Broken, somebody else's sending would stand for this one, or nobody would know what to look at."""
    activity = world.sandbox.store.insert("activity", {"revisions": [{"id": 1, "approval_status": "approved"}]})
    people = [{"id": id_of("subscriber", 1), "content": "<for-ada/>"}, {"ref": "crm-2"}, {"email": "eve@example.org"}]
    world.sandbox.faults.add(Fault("reset", match="_method=TRIGGER", applied=True, times=1))
    lost = await world.write("triggerActivity", id=id_of("activity", int(activity)), recipients=people)
    told = (await world.ask(ITEMS, id=lost["operation"]["id"]))["data"]["writeOperation"]

    assert lost["outcome"] == "UNKNOWN"
    assert [node["outcome"] for node in told["items"]["nodes"]] == ["UNKNOWN", "SKIPPED", "NOT_SENT"]
    assert (told["outcome"], len(world.written)) == ("UNKNOWN", 1)
    assert "The log shows 1 since" in told["check"]


async def test_what_must_be_said_first(world: World) -> None:
    """Consent and not knowing whom it reaches are the caller's to say, before anything is sent."""
    activity = world.sandbox.store.insert(
        "activity",
        {"date": "2099-01-01T00:00:00", "target_lists": "[5]", "revisions": [{"id": 1, "approval_status": "approved"}]},
    )
    id_ = id_of("activity", int(activity))
    import_id = id_of("import", int(world.sandbox.store.insert("import", {"manifest": "<manifest/>"})))
    eve = id_of("subscriber", 3)
    for name, given in (
        ("queueActivity", {"id": id_}),
        ("triggerActivity", {"id": id_, "expression": "true"}),
        ("processImport", {"id": import_id}),
        ("setListMembership", {"id": eve, "listId": "6"}),
        ("resubscribe", {"id": id_of("subscriber", 2)}),
        ("triggerActivity", {"id": id_, "recipients": [{"ref": "crm-2"}]}),
    ):
        assert (await world.refuse(name, **given))["reason"] == "CONSENT_REQUIRED", name
    assert world.written == []

    basis = {"basis": "asked in the shop"}
    told: list[tuple[str, dict[str, Any]]] = [
        ("queueActivity", {"id": id_, "recipientsUnchecked": True}),
        ("triggerActivity", {"id": id_, "expression": "true", "recipientsUnchecked": True}),
        ("processImport", {"id": import_id, "recipientsUnchecked": True}),
        ("setListMembership", {"id": eve, "listId": "6", "consent": basis}),
        ("resubscribe", {"id": id_of("subscriber", 2), "consent": basis}),
        ("triggerActivity", {"id": id_, "recipients": [{"ref": "crm-2"}]}),
    ]
    for name, given in told:
        assert (await world.write(name, **given))["outcome"] in {"ACCEPTED", "APPLIED"}, name


async def test_an_extract(world: World) -> None:
    """Its conditions go out as the document writes them."""
    conditions = [{"field": "state", "operator": "EQ", "value": "VIC"}, {"field": "bounced", "operator": "IS"}]

    done = await world.write(
        "extractList", id=id_of("list", 5), notifyListId="6", conditions=conditions, recipientsUnchecked=True
    )

    assert done["outcome"] == "ACCEPTED"
    assert world.written == ["list/5?_method=EXTRACT&notify=6&query=state-eq-VIC&query=bounced-is-null"]


async def test_a_lost_answer_is_found_out(world: World) -> None:
    """Applied, then lost: one write, UNKNOWN, and the ledger learns by reading."""
    world.sandbox.faults.add(Fault("status", status=502, match="_method=POST", applied=True, times=1))
    lost = await world.write("createList", "operation { id }", source="retail", fields={"ref": "r", "name": "N"})
    asked = "query ($id: ID!) { writeOperation(id: $id) { outcome } }"

    found = await world.ask(asked, id=lost["operation"]["id"])

    assert (lost["outcome"], lost["errors"][0]["code"]) == ("UNKNOWN", "OUTCOME_UNKNOWN")
    assert found["data"]["writeOperation"] == {"outcome": "APPLIED"}
    assert len([row for row in world.sandbox.store.rows("list") if row["ref"] == "r"]) == 1


async def test_what_the_vendor_says_is_told(world: World) -> None:
    """400 is REJECTED with its words; what moved is CONFLICT."""
    refused = await world.write("createSubscriber", source="retail", fields={"ref": "crm-1"})
    moved = await world.refuse(
        "updateSubscriber", id=id_of("subscriber", 1), fields={"title": "Ms"}, ifUnchanged={"firstName": "Eve"}
    )

    (error,) = refused["errors"]
    assert (refused["outcome"], error["code"]) == ("REJECTED", "VENDOR_REJECTED")
    assert error["vendorMessage"] == "Resource conflict: another subscriber has this ref"
    assert (moved["code"], moved["reason"]) == ("CONFLICT", "MOVED")


@pytest.mark.parametrize(
    ("name", "given", "needed"),
    [
        ("updateList", {"id": id_of("list", 5), "fields": {"name": "x"}}, Scope.WRITE),
        ("approveActivity", {"id": id_of("activity", 1)}, Scope.SEND),
        ("resubscribe", {"id": id_of("subscriber", 2), "consent": {"basis": "x"}}, Scope.CONSENT),
    ],
)
async def test_scopes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, given: dict[str, Any], needed: Scope
) -> None:
    """Whoever lacks the scope of a mutation changes nothing."""
    monkeypatch.setenv("RETAIL_TOKEN", "sandbox-token")
    scopes = frozenset(Scope) - {needed}
    world = World(tmp_path, Principal(name="someone", scopes=scopes, sources=None))

    refused = await world.refuse(name, **given)

    assert (refused["code"], refused["reason"]) == ("FORBIDDEN", "SCOPE_MISSING")
    assert world.sandbox.calls.entries == ()
    await world.client.aclose()
    await world.app.state.desks.aclose()
