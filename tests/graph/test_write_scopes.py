"""What a mutation's caller must hold, and what it may learn by one: refused before any vendor is called."""

from typing import Any, Final

import pytest

from resolvers.ids import encode_id
from resolvers.principal import Principal, Scope
from tests.graph.every_source import OpenGraph

PERSON: Final = encode_id("sandbox", "subscriber", ("1",))
ACTIVITY: Final = encode_id("sandbox", "activity", ("1",))
APPROVED: Final = {"content": "<x/>", "approvalStatus": "APPROVED"}
BASIS: Final = {"consent": {"basis": "Asked at the till."}}


async def refuse(open_graph: OpenGraph, scopes: set[Scope], name: str, given: dict[str, Any]) -> Any:
    """Send a mutation as somebody with these scopes; return its error, and what the vendor was asked."""
    principal = Principal("somebody", frozenset(scopes))
    async with open_graph(principal=principal) as graph:
        body = await graph.run(build(name), input=given)
        assert await graph.calls() == [], "refused before any call"
    assert body["data"] == {name: None}, body
    (error,) = body["errors"]
    return error["extensions"] | {"message": error["message"]}


def build(name: str) -> str:
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ outcome }} }}"


@pytest.mark.parametrize(
    ("name", "given", "missing"),
    [
        ("resubscribe", {"id": PERSON, **BASIS}, Scope.WRITE),
        ("resubscribe", {"id": PERSON, **BASIS}, Scope.CONSENT),
        ("approveActivity", {"id": ACTIVITY}, Scope.SEND),
        ("updateActivity", {"id": ACTIVITY, "fields": {"status": "deployed"}}, Scope.SEND),
        ("updateActivity", {"id": ACTIVITY, "fields": {"revisions": [APPROVED]}}, Scope.SEND),
        ("createActivity", {"source": "sandbox", "fields": {"name": "A", "revisions": [APPROVED]}}, Scope.SEND),
        ("extractList", {"id": encode_id("sandbox", "list", ("5",)), "notifyListId": "6"}, Scope.SEND),
    ],
)
async def test_every_scope_of_a_mutation_is_needed(
    open_graph: OpenGraph, name: str, given: dict[str, Any], missing: Scope
):
    """Broken, whoever may undo an opt-out could write without being a writer, or a writer let mail be sent."""
    error = await refuse(open_graph, set(Scope) - {missing}, name, given)

    assert (error["code"], error["reason"]) == ("FORBIDDEN", "SCOPE_MISSING")
    assert f"`{missing.value}`" in error["message"]


WITHOUT_PII: Final = {Scope.READ, Scope.WRITE}
BY_EMAIL: Final = {"byEmail": {"source": "sandbox", "email": "kevin.garcia2@example.com"}}


@pytest.mark.parametrize(
    ("name", "given", "used"),
    [
        ("updateSubscriber", {"id": PERSON, "fields": {"ref": "x"}, "ifUnchanged": {"email": "a@b.c"}}, "email"),
        ("updateSubscriber", {"id": PERSON, "fields": {"ref": "x"}, "ifUnchanged": {"extra": "a"}}, "extra"),
        ("updateSubscriber", {"id": PERSON, "fields": {"ref": "x"},
                              "ifUnchanged": {"customFields": [{"key": "size", "value": "L"}]}}, "custom_fields"),
        ("updateSubscriber", {"id": PERSON, "fields": {"ref": "x"},
                              "ifUnchanged": {"memberships": [{"listId": "5", "option": "weekly"}]}}, "option"),
        ("updateSubscriber", {**BY_EMAIL, "fields": {"ref": "x"}}, "email"),
        ("setListMembership", {**BY_EMAIL, "listId": "5"}, "email"),
        ("unsubscribe", {**BY_EMAIL, "dryRun": True}, "email"),
    ],
)  # fmt: skip
async def test_what_is_masked_is_not_found_out_by_writing(
    open_graph: OpenGraph, name: str, given: dict[str, Any], used: str
):
    """Broken, whoever may not read an address could guess it, or ask whether somebody is a customer."""
    error = await refuse(open_graph, WITHOUT_PII, name, given)

    assert (error["code"], error["reason"]) == ("FORBIDDEN", "SCOPE_MISSING")
    assert f"`{used}` needs the scope `pii`" in error["message"]


async def test_a_preview_about_a_person_needs_pii(open_graph: OpenGraph):
    """Broken, a preview would tell at which companies somebody is a customer."""
    principal = Principal("somebody", frozenset(WITHOUT_PII))
    async with open_graph(principal=principal) as graph:
        query = "mutation($e: String!) { unsubscribePerson(input: {email: $e, dryRun: true}) { parts { outcome } } }"
        body = await graph.run(query, e="kevin.garcia2@example.com")
        assert await graph.calls() == []

    assert body["errors"][0]["extensions"]["reason"] == "SCOPE_MISSING"


async def test_what_is_not_masked_may_be_relied_on(open_graph: OpenGraph):
    """Broken, a caller without `pii` could not guard any write of its own."""
    given = {"id": PERSON, "fields": {"ref": "x"}, "ifUnchanged": {"ref": "crm-000001"}, "dryRun": True}
    async with open_graph(principal=Principal("somebody", frozenset(WITHOUT_PII))) as graph:
        body = await graph.run(build("updateSubscriber"), input=given)

    assert body["data"]["updateSubscriber"]["outcome"] == "PLANNED"


@pytest.mark.parametrize("basis", ["", " ", "\n\t", "\u200b", "-"], ids=repr)
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("resubscribe", {"id": PERSON}),
        ("setListMembership", {"id": PERSON, "listId": "5"}),
        ("upsertPerson", {"ref": "crm-000001", "fields": {}}),
    ],
)
async def test_a_basis_that_says_nothing_is_none(open_graph: OpenGraph, name: str, given: dict[str, Any], basis: str):
    """Broken, an opt-out would be undone for no reason that anybody could look up."""
    query = build(name).replace("{ outcome }", "{ __typename }")
    async with open_graph() as graph:
        body = await graph.run(query, input={**given, "consent": {"basis": basis}})
        assert await graph.calls() == []

    (error,) = body["errors"]
    assert error["extensions"]["reason"] == "CONSENT_REQUIRED"


async def test_a_writer_drafts_without_sending(open_graph: OpenGraph):
    """Broken, nobody could prepare an activity without being let to send it."""
    fields = {"name": "B", "revisions": [{"content": "<x/>"}]}
    async with open_graph(principal=Principal("somebody", frozenset(WITHOUT_PII))) as graph:
        body = await graph.run(build("updateActivity"), input={"id": ACTIVITY, "fields": fields, "dryRun": True})

    assert body["data"]["updateActivity"]["outcome"] == "PLANNED"
