"""The README tells the truth: its first answer and its table of settings are what the code gives."""

import json
import re

import httpx
import pytest

from adapters.contract import SourceSettings
from adapters.registry import find_vendors
from graph.server.emulators import open_emulators
from tests.readme_tables import README as README_FILE
from tests.readme_tables import fill, select_own_fields

README = README_FILE.read_text(encoding="utf-8")


def test_the_first_query_has_the_answer_that_is_printed_below_it(served: str) -> None:
    """A newcomer who copies the first command must see the answer the README shows."""
    body = re.search(r"-d '(\{.*?\})'\n", README, re.DOTALL)
    answer = re.search(r"```json\n(.*?)\n```", README, re.DOTALL)
    assert body
    assert answer

    # what bash passes on: a JSON body may be broken between its tokens
    response = httpx.post(f"{served}/graphql", json=json.loads(body[1]))

    printed, given = json.loads(answer[1]), response.json()
    for each in (printed, given):  # an id of its own, of one form
        assert re.fullmatch("[0-9a-f]{32}", each["extensions"].pop("operationId"))
    assert printed == given


async def test_the_fault_that_is_posted_strikes() -> None:
    """Somebody who tries how the graph takes a failing vendor must not have to look for the path in the code."""
    command = re.search(r"curl -s http://[^/]+(/\S+/_sandbox/faults) -d '(.*)'\n", README)
    assert command
    emulators = open_emulators()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(emulators), base_url="http://127.0.0.1") as client:
        placed = await client.post(command[1], content=command[2])
        shown = await client.get(command[1])
        struck = await client.get("/taguchi_v4/admin/api/1/subscriber/1")
        ended = await client.delete(command[1])
    emulators.close()

    assert placed.json() == shown.json() == [json.loads(command[2])]
    assert (struck.status_code, ended.json()) == (503, [])


def test_the_tables_are_what_the_code_says() -> None:
    """A setting that nobody can find is no setting, and a table that is out of date is worse than none."""
    assert fill(README) == README


@pytest.mark.parametrize("vendor", find_vendors())
def test_every_key_of_a_vendor_is_described(vendor: str) -> None:
    """A key without a word of what it does must be looked up in the code."""
    settings = find_vendors()[vendor].settings

    own = select_own_fields(settings)

    assert settings.model_fields.keys() == own.keys() | SourceSettings.model_fields.keys()
    assert [name for name, field in own.items() if not field.description] == []
    assert f"<!-- table: keys {vendor} -->" in README
