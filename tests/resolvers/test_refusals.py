"""
What a connection refuses before any call.
"""

from typing import Final

import pytest

from adapters.errors import (
    CapabilityError,
    CursorError,
    FilterError,
    InputError,
)
from adapters.filters.order import Order
from adapters.filters.tree import Comparison, Op
from adapters.records import CampaignRecord, Entity
from resolvers.campaign import campaigns
from resolvers.pages import ConnectionArgs
from resolvers.subscriber import subscribers
from tests.resolvers.asking import ask, build_context
from tests.resolvers.fake_source import adapter_of, build_source, build_table
from tests.resolvers.people import build_people

REFUSED = {
    "unknown source": (ConnectionArgs(source="nowhere"), InputError, "SOURCE_UNKNOWN"),
    "unknown field": (ConnectionArgs(filter=Comparison("shoe", Op.EQ, "1")), FilterError, "FIELD_UNKNOWN"),
    "order across sources": (ConnectionArgs(order=Order("email")), InputError, "ORDER_NEEDS_SOURCE"),
    "backward order across sources": (ConnectionArgs(order=Order("id", True)), InputError, "ORDER_NEEDS_SOURCE"),
    "order by many values": (ConnectionArgs(source="a", order=Order("memberships")), InputError, "ORDER_UNSUPPORTED"),
    "order by an unknown field": (ConnectionArgs(source="a", order=Order("shoe")), InputError, "ORDER_UNSUPPORTED"),
    "page size": (ConnectionArgs(first=1000), InputError, "PAGE_SIZE"),
    "malformed cursor": (ConnectionArgs(after="x"), CursorError, "CURSOR_INVALID"),
}


@pytest.mark.parametrize(("args", "kind", "reason"), REFUSED.values(), ids=REFUSED.keys())
async def test_refusals_come_before_any_call(args, kind, reason):
    """A bad argument would cost a vendor call, or be ignored."""
    every = [build_source(name, None, *build_people(name, 1)) for name in ("a", "b")]

    with pytest.raises(kind) as caught:
        await ask(subscribers, args, build_context(*every))

    assert reason == caught.value.reason
    assert caught.value.hint
    assert [adapter_of(source).calls for source in every] == [[], []]


async def test_unknown_sources_are_answered_with_those_the_caller_sees():
    """A caller could find out the names of sources that are not its own."""
    every = [build_source(name) for name in ("mine", "secret")]
    ctx = build_context(*every)
    ctx.sources = {"mine": ctx.sources["mine"]}

    with pytest.raises(InputError) as caught:
        await ask(subscribers, ConnectionArgs(source="secret"), ctx)

    assert "secret" not in f"{caught.value.message}{caught.value.hint}"
    assert "mine" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("made_with", "used_with"),
    [
        ({}, {"source": "a"}),
        ({"source": "a"}, {}),
        ({"source": "a"}, {"source": "b"}),
        ({"source": "a"}, {"source": "a", "order": Order("email")}),
        ({"source": "a", "order": Order("id")}, {"source": "a", "order": Order("id", descending=True)}),
    ],
)
async def test_cursors_of_elsewhere_are_refused_before_any_call(made_with, used_with):
    """A cursor of another source or order would go on from a place that means nothing."""
    every = [build_source(name, None, *build_people(name, 1, 2)) for name in ("a", "b")]
    page = await ask(subscribers, ConnectionArgs(first=1, **made_with), build_context(*every))
    before = [len(adapter_of(source).calls) for source in every]

    with pytest.raises(CursorError):
        await ask(subscribers, ConnectionArgs(after=page.end_cursor, **used_with), build_context(*every))

    assert before == [len(adapter_of(source).calls) for source in every]


async def test_a_cursor_of_another_connection_is_refused():
    """A cursor of subscribers would page through campaigns."""
    source = build_source("a", None, *build_people("a", 1, 2), CampaignRecord(source="a", id="1"))
    page = await ask(subscribers, ConnectionArgs(first=1), build_context(source))

    with pytest.raises(CursorError, match="another field"):
        await ask(campaigns, ConnectionArgs(after=page.end_cursor), build_context(source))


async def test_a_refusal_of_what_was_asked_comes_before_one_of_a_source():
    """Asked of all sources, a filter that none can answer would be refused because the first source lists nothing."""
    unlisted = build_source("a", {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, listable=False)})
    unable = build_source("b", {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, _tells_nothing, **GENDERLESS)})

    with pytest.raises(CapabilityError) as caught:
        await ask(subscribers, ConnectionArgs(filter=Comparison("gender", Op.EQ, "f")), build_context(unlisted, unable))

    assert (caught.value.reason, caught.value.path) == ("FILTER_UNSUPPORTED", ("filter", "gender"))
    assert caught.value.hint == "Leave 'gender' out of the filter of this source."


GENDERLESS: Final = {"missing_in_rows": frozenset({"gender"})}


def _tells_nothing(_name: str, _op: Op) -> None:
    return None
