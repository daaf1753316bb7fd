"""
Audiences of every kind, checks of addresses, opt-outs, partitions and messages, over every vendor at once.
"""

import re
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from adapters.identity import to_email_key
from adapters.sandbox.cast import CAST
from resolvers.principal import Principal, Scope
from tests.graph.every_source import EVERY, THOMAS, OpenGraph, Sources, open_every
from tests.graph.vendor_side import node_id


@pytest.fixture
async def every(open_graph: OpenGraph) -> AsyncIterator[Sources]:
    """The graph over every vendor."""
    async with open_every(open_graph, limit_deadline_s=20.0) as opened:
        yield opened


AUDIENCES: Final = """query($source: ID) { audiences(source: $source, first: 50) {
  nodes { sourceId vendorId kind name definition size membersListable reason }
  completeness { sourceId state reason } } }"""


async def test_each_source_lists_its_own_kind(every: Sources):
    """A condition would be taken for a group of people, or people for a condition."""
    page = (await every.ask(AUDIENCES))["audiences"]

    kinds = {(node["sourceId"], node["kind"]) for node in page["nodes"]}
    states = {each["sourceId"]: each["state"] for each in page["completeness"]}
    assert kinds == {("taguchi_v4", "VIEW"), ("talon_one", "AUDIENCE")}
    assert states == {
        "taguchi_v4": "OK",
        "talon_one": "OK",
        **dict.fromkeys(("sendios", "taguchi_v5", "taximail"), "UNSUPPORTED"),
    }
    assert all(each["reason"] for each in page["completeness"] if each["state"] == "UNSUPPORTED")


async def test_a_view_is_its_definition(every: Sources):
    """People would be promised that nobody can list, or their number be made up."""
    query = """{ audiences(source: "taguchi_v4", first: 3) { nodes {
      definition size membersListable reason members(first: 2) { nodes { vendorId } } } } }"""

    body = await every.graph.run(query)

    views = body["data"]["audiences"]["nodes"]
    assert all(view["definition"] and view["reason"] for view in views)
    assert [(view["size"], view["membersListable"], view["members"]) for view in views] == [(None, False, None)] * 3
    assert {error["extensions"]["reason"] for error in body["errors"]} == {"CAPABILITY_MISSING"}
    assert {call["path"].rpartition("/api/1/")[2] for call in await every.graph.calls()} == {"view/"}


@pytest.mark.parametrize(
    "asked",
    [
        'subscribers(source: "taguchi_v4", filter: {not: {audiences: {audienceId: {eq: "1"}}}}) { nodes { id } }',
        'audiences(source: "taguchi_v4", filter: {not: {size: {gt: 1}}}) { nodes { id } }',
    ],
)
async def test_who_is_in_a_view_cannot_be_asked(every: Sources, asked: str):
    """Nobody would seem to be in it: no row names the views that a person meets."""
    body = await every.graph.run(f"{{ {asked} }}")

    assert [error["extensions"]["reason"] for error in body["errors"]] == ["FILTER_UNSUPPORTED"]
    assert await every.count_calls() == {}


async def test_the_size_of_an_audience_is_the_number_of_its_members(every: Sources):
    """A number nobody can check would be shown, or members that are not in it."""
    nodes = (await every.ask(AUDIENCES, source="talon_one"))["audiences"]["nodes"]
    sized = [node for node in nodes if node["size"]][:3]
    query = """query($id: ID!) { audience(by: {vendorId: $id}, source: "talon_one") {
      size members(first: 100) { nodes { vendorId audiences { audienceId audience { name } } } } } }"""

    for node in sized:
        found = (await every.ask(query, id=node["vendorId"]))["audience"]
        members = found["members"]["nodes"]
        assert len(members) == found["size"] == node["size"]
        assert all(node["vendorId"] in {each["audienceId"] for each in member["audiences"]} for member in members)
    assert len(sized) == 3


async def test_sizes_of_a_page_cost_one_call(every: Sources):
    """A page of audiences would cost a call for each of them."""
    nodes = (await every.ask(AUDIENCES, source="talon_one"))["audiences"]["nodes"]

    received = len(await every.graph.calls())

    assert len(nodes) > 20
    assert received <= 1 + -(-len(nodes) // 50) + 1


async def test_a_segment_is_found_by_its_id_only(every: Sources):
    """A segment would be unreachable, because its vendor cannot list segments."""
    query = """{ audience(by: {vendorId: "174/7"}, source: "taximail") { vendorId kind name members(first: 50) {
      nodes { vendorId } pageInfo { hasNextPage } } } }"""

    segment = (await every.ask(query))["audience"]

    assert segment["kind"] == "SEGMENT"
    members = [node["vendorId"] for node in segment["members"]["nodes"]]
    assert members
    assert {id_.partition("/")[0] for id_ in members} == {"174"}
    cities = await _fetch_cities(every, members[:5])
    assert cities == {"Bangkok"}


async def _fetch_cities(every: Sources, ids: list[str]) -> set[str]:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Subscriber { customFields { key value label } } } }"
    nodes = (await every.ask(query, ids=[node_id("subscriber", id_, "taximail") for id_ in ids]))["nodes"]
    people = [node["customFields"] for node in nodes]
    return {each["value"] for fields in people for each in fields if "city" in (each["label"] or each["key"]).lower()}


LOOKUPS: Final = [
    ('audience(by: {vendorId: "1"}, source: "sendios") { name }', "sendios"),
    (f'list(by: {{id: "{node_id("list", "crm-000001", "talon_one")}"}}) {{ name }}', "talon_one"),
    (f'node(id: "{node_id("campaign", "crm-000001", "talon_one")}") {{ id }}', "talon_one"),
    ('partition(by: {vendorId: "1"}, source: "taximail") { name }', "taximail"),
    ('list(by: {ref: "x"}, source: "talon_one") { name }', "talon_one"),
]


@pytest.mark.parametrize(("field", "source"), LOOKUPS)
async def test_what_a_source_does_not_hold_is_refused_without_a_call(every: Sources, field: str, source: str):
    """A customer would be shown as a list, or a mistake of ours."""
    body = await every.graph.run(f"{{ {field} }}")

    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("BAD_USER_INPUT", "CAPABILITY_MISSING")
    assert source in error["message"]
    assert await every.count_calls() == {}


async def test_a_vendors_own_id_needs_its_source(every: Sources):
    """Ids of several vendors look alike: the first that knows one would win."""
    body = await every.graph.run('{ audience(by: {vendorId: "1"}) { name } }')

    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert await every.count_calls() == {}


async def test_one_address_in_several_sources_must_be_chosen_from(every: Sources):
    """One of several people's records would be taken for the person."""
    query = f'{{ subscriber(by: {{email: "{THOMAS}"}}) {{ email }} }}'

    body = await every.graph.run(query)

    assert body["errors"][0]["extensions"]["reason"] == "AMBIGUOUS"


async def test_one_address_in_two_projects_is_chosen_from_by_the_vendors_ids(every: Sources):
    """A source without a list of people would leave no way to either of them."""
    query = f'{{ subscriber(by: {{email: "{CAST[1].email}"}}, source: "sendios") {{ email }} }}'
    by_id = """query($id: ID!) { subscriber(by: {vendorId: $id}, source: "sendios") {
      vendorId email sendios { projectId } } }"""

    told = (await every.graph.run(query))["errors"][0]["extensions"]
    ids = re.findall(r"\d+", told["hint"])
    people = [(await every.ask(by_id, id=id_))["subscriber"] for id_ in ids]

    assert told["reason"] == "AMBIGUOUS"
    assert "vendorId" in told["hint"]
    assert [person["vendorId"] for person in people] == ids
    assert [person["sendios"]["projectId"] for person in people] == ["1", "2"]
    assert {person["email"].casefold() for person in people} == {CAST[1].email}


PARTS: Final = f"""{{ checkEmail(email: "petr@gamil.com") {{ sourceId email corrected valid }}
  checked: checkEmail(email: "{THOMAS}", source: "sendios") {{ email corrected }}
  partition(by: {{vendorId: "71"}}, source: "taguchi_v5") {{ vendorId name }}
  message(by: {{vendorId: "order-0001"}}, source: "taximail") {{ vendorId status email sentAt }} }}"""


async def test_addresses_partitions_and_messages_are_told(every: Sources):
    """What only one vendor tells would be out of reach."""
    data = await every.ask(PARTS)

    assert [each["sourceId"] for each in data["checkEmail"]] == ["sendios"]
    assert data["checked"][0]["email"] == THOMAS
    assert data["partition"]["vendorId"] == "71"
    assert data["partition"]["name"]
    assert (data["message"]["vendorId"], data["message"]["status"]) == ("order-0001", "Sent")
    assert data["message"]["sentAt"].endswith("Z")


@pytest.mark.parametrize("source", [name for name in EVERY if name != "sendios"])
async def test_a_source_that_judges_no_addresses_says_so(every: Sources, source: str):
    """An address would seem to be fine because nobody looked."""
    body = await every.graph.run(f'{{ checkEmail(email: "{THOMAS}", source: "{source}") {{ valid }} }}')

    assert body["errors"][0]["extensions"]["reason"] == "CAPABILITY_MISSING"
    assert await every.count_calls() == {}


PROJECTS: Final = {"1", "2"}
"""The projects in which the sandbox's source looks for people; it lists the opt-outs of all."""


async def test_opt_outs_lead_to_the_people(every: Sources):
    """An opt-out would be a line of text, and not somebody's."""
    query = """{ unsubscribes(first: 100, filter: {occurredAt: {gte: "2000-01-01T00:00:00Z"}}) {
      nodes { sourceId email subscriberId projectId cause occurredAt } pageInfo { hasNextPage } } }"""
    person = "query($email: String) { person(email: $email) { profiles { sourceId subscription } } }"

    nodes = (await every.ask(query))["unsubscribes"]["nodes"]

    assert nodes
    assert all(node["sourceId"] == "sendios" and node["occurredAt"].endswith("Z") for node in nodes)
    known = [node for node in nodes if node["projectId"] in PROJECTS]
    told: Any = [await every.ask(person, email=node["email"]) for node in known[:5]]
    for each in told:
        words = {one["subscription"] for one in each["person"]["profiles"] if one["sourceId"] == "sendios"}
        assert "UNSUBSCRIBED" in words


OPTED_OUT: Final = """{ unsubscribes(first: 20) {
  nodes { email projectId subscriberId subscriber { vendorId email sendios { projectId } } } } }"""


async def test_an_opt_out_without_an_id_leads_to_its_person(every: Sources):
    """Sendios names who opted out by project and address alone: the person would be missing, or another project's."""
    body = await every.graph.run(OPTED_OUT, explain=True)

    nodes = body["data"]["unsubscribes"]["nodes"]
    found = [node for node in nodes if node["subscriber"]]
    assert found
    assert [node["subscriberId"] for node in nodes] == [None] * len(nodes)
    for node in found:
        assert to_email_key(node["subscriber"]["email"]) == to_email_key(node["email"])
        assert node["subscriber"]["sendios"]["projectId"] == node["projectId"]
    people = {(node["projectId"], node["email"]) for node in nodes}
    assert await every.count_calls() == {"sendios": 1 + len(people)}
    assert {call["purpose"] for call in body["extensions"]["plan"]["calls"][1:]} == {"unsubscribes.nodes.subscriber"}


async def test_without_pii_an_opt_out_leads_to_somebody_masked(open_graph: OpenGraph):
    """The person would be lost to who may not see the address, or the address come out by the call that finds them."""
    async with open_every(open_graph) as every:
        whole = (await every.ask(OPTED_OUT))["unsubscribes"]["nodes"]
    async with open_every(open_graph, principal=Principal("x", frozenset({Scope.READ, Scope.EXPLAIN}))) as every:
        body = await every.graph.run(OPTED_OUT, explain=True)

    nodes = body["data"]["unsubscribes"]["nodes"]
    assert [node["subscriber"] and node["subscriber"]["vendorId"] for node in nodes] == [
        node["subscriber"] and node["subscriber"]["vendorId"] for node in whole
    ]
    assert {node["subscriber"]["email"] for node in nodes if node["subscriber"]} == {"***"}
    assert not [node["email"] for node in whole if node["email"].partition("@")[0] in str(body)]
