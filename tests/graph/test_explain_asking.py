"""What `marketing-graph explain` shows of questions to each source, of audiences and of writes: what is sent."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from graph.server.explaining import explain_file
from tests.graph.every_source import THOMAS, OpenGraph, Sources, open_every


@pytest.fixture
async def every(open_graph: OpenGraph) -> AsyncIterator[Sources]:
    """The graph over every vendor."""
    async with open_every(open_graph, limit_deadline_s=20.0) as opened:
        yield opened


async def explain(folder: Path, query: str) -> str:
    """Explain an operation over every vendor's sandbox."""
    file = folder / "operation.graphql"
    file.write_text(query)
    return await asyncio.to_thread(explain_file, file, "{}", None, None)


def to_shape(call: Any) -> str:
    """Write a call as an explanation shows it, which knows no id that a reply brings."""
    path, mark, query = call["url"].partition("?")
    path = re.sub(r"/(list|audiences)/\d+/", r"/\1/…/", path)
    query = re.sub(r"(audienceIds|browse)=[\d%C]+", r"\1=…", query)
    return f"  {call['operation']}: {call['method']} {path}{mark}{query}"


ASKED = {
    "a person by address": f'{{ person(email: "{THOMAS}") {{ profiles {{ sourceId }} }} }}',
    "a person by number and key": '{ person(phone: "+61489701378", ref: "crm-000001") { profiles { sourceId } } }',
    "an address": '{ checkEmail(email: "petr@gamil.com") { valid } }',
    "audiences": '{ audiences(source: "talon_one", first: 3) { nodes { size members(first: 2) { nodes { id } } } } }',
}


@pytest.mark.parametrize("query", ASKED.values(), ids=ASKED)
async def test_what_is_shown_is_what_is_sent(every: Sources, tmp_path: Path, query: str):
    """Whoever tunes an operation would see words where its calls are, or calls that are none of its."""
    printed = await explain(tmp_path, query)
    body = await every.graph.run(query, explain=True)

    assert "errors" not in body
    calls = [call for call in body["extensions"]["plan"]["calls"] if call["operation"] != "user.login"]
    assert calls
    assert {to_shape(call) for call in calls} <= set(printed.splitlines())


async def test_sources_that_cannot_be_asked_say_why(tmp_path: Path):
    """A person would seem to be looked for by number where no numbers are kept."""
    printed = await explain(tmp_path, '{ person(phone: "+61489701378") { profiles { sourceId } } }')

    assert "  refused: Sendios keeps no telephone numbers." in printed
    assert "user.email" not in printed


async def test_what_would_be_refused_is_refused(tmp_path: Path):
    """An explanation must promise no call where the operation makes none."""
    printed = await explain(tmp_path, '{ person(email: "no at sign") { profiles { sourceId } } }')

    assert "  refused: This is no e-mail address." in printed
    assert "GET" not in printed


async def test_a_question_costs_what_the_sources_that_take_it_cost(tmp_path: Path):
    """A check of an address would be taken for one at every vendor."""
    printed = await explain(tmp_path, '{ checkEmail(email: "a@example.com") { valid } }')

    assert printed.startswith("checkEmail: a question to each source, side by side; 1 vendor call\n")
    assert "Together 1 vendor call," in printed


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (
            'mutation { createAudience(input: {source: "talon_one", ref: "a", name: "b"}) { outcome } }',
            ["  talon_one: POST /cdp/audiences"],
        ),
        (
            'mutation { createAudience(input: {source: "sendios", ref: "a", name: "b"}) { outcome } }',
            ["  no source that is asked can write this"],
        ),
    ],
    ids=["a source that can", "a source that cannot"],
)
async def test_a_write_names_its_calls(tmp_path: Path, query: str, lines: list[str]):
    """Where a write goes could only be found out by a dry run."""
    printed = await explain(tmp_path, query)

    assert [line for line in lines if line not in printed.splitlines()] == []


async def test_the_person_of_an_opt_out_is_found_by_its_address(tmp_path: Path):
    """The call shown would be one by an id that no entry has, at sources that list no opt-outs."""
    printed = await explain(tmp_path, "{ unsubscribes(first: 3) { nodes { subscriber { email } } } }")

    assert "  user.email: GET /v1/user/project/…/email/…" in printed
    assert "/admin/api/1/subscriber" not in printed
