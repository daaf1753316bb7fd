"""
Types of Taximail's custom fields: told wherever a contact is met, at one call a list that the process remembers.
"""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from tests.graph.conftest import Graph

FIELDS: Final = "customFields { key value type typed }"
PAGE: Final = """query($fields: Boolean!, $after: String) {
  subscribers(source: "sandbox", first: 40, after: $after, filter: {memberships: {listId: {eq: "314"}}}) {
    pageInfo { endCursor } nodes { id vendorId email customFields { key value type @include(if: $fields) } } } }"""


@pytest.fixture
async def taximail(open_graph: Any) -> AsyncIterator[Graph]:
    """The graph over Taximail alone, with a memory."""
    async with open_graph(vendors=["taximail"], cache=True) as opened:
        yield opened


def asked_types(body: dict[str, Any]) -> list[str]:
    """List how each read of a list's fields was answered."""
    calls = body["extensions"]["plan"]["calls"]
    return [call["cache"] for call in calls if call["url"].partition("?")[0].endswith("/custom_fields")]


async def test_pages_of_a_list_ask_for_its_types_once(taximail: Graph):
    """Every page would cost another call for what the list has told."""
    first = await taximail.run(PAGE, explain=True, fields=True)
    after = first["data"]["subscribers"]["pageInfo"]["endCursor"]
    second = await taximail.run(PAGE, explain=True, fields=True, after=after)
    without = await taximail.run(PAGE, explain=True, fields=False, after=after)

    assert [asked_types(each) for each in (first, second, without)] == [["miss"], ["hit"], []]


async def test_a_field_is_the_same_wherever_its_contact_is_met(taximail: Graph):
    """A front end would print a number on one page and a text on the other."""
    (row, *_) = (await taximail.run(PAGE, fields=True))["data"]["subscribers"]["nodes"]
    query = f"""query($id: ID!, $email: String!) {{ node(id: $id) {{ ... on Subscriber {{ {FIELDS} }} }}
      person(email: $email) {{ profiles {{ subscriber {{ vendorId {FIELDS} }} }} }}
      plain: subscriber(by: {{email: $email}}) {{ email customFields {{ key }} }}
      subscriber(by: {{email: $email}}) {{ {FIELDS} }}
      lists(first: 5) {{ nodes {{ members(first: 50) {{ nodes {{ vendorId {FIELDS} }} }} }} }} }}"""

    data = (await taximail.run(query, id=row["id"], email=row["email"]))["data"]

    alone = data["node"][FIELDS.split()[0]]
    assert {field["type"] for field in alone} >= {"NUMBER", "FLAG", "CHOICE", "DATE"}
    assert [field["type"] for field in row["customFields"]] == [field["type"] for field in alone]
    assert data["subscriber"]["customFields"] == alone
    members = [contact for each in data["lists"]["nodes"] for contact in each["members"]["nodes"]]
    met_elsewhere = [*members, *(each["subscriber"] for each in data["person"]["profiles"])]
    assert sum(met["vendorId"] == row["vendorId"] for met in met_elsewhere) > 1
    for met in met_elsewhere:
        assert met["vendorId"] != row["vendorId"] or met["customFields"] == alone


async def test_a_row_that_came_without_types_is_not_taken_for_a_typed_one(taximail: Graph):
    """A field would be untyped because a page in the same operation did not want its type."""
    query = f"""query($id: ID!) {{
      subscribers(first: 100, filter: {{memberships: {{listId: {{eq: "314"}}}}}}) {{ nodes {{ vendorId }} }}
      plain: node(id: $id) {{ ... on Subscriber {{ email }} }}
      typed: node(id: $id) {{ ... on Subscriber {{ {FIELDS} }} }} }}"""
    (row, *_) = (await taximail.run(PAGE, fields=False))["data"]["subscribers"]["nodes"]

    data = (await taximail.run(query, id=row["id"]))["data"]

    assert {field["type"] for field in data["typed"]["customFields"]} >= {"NUMBER", "FLAG"}
