"""
The sources a caller sees, and what each can do.
"""

from adapters.filters.capability import Support
from adapters.filters.tree import Op
from adapters.records import Entity
from resolvers.source import sources
from tests.resolvers.asking import WITHOUT_PII, ask, build_context
from tests.resolvers.fake_source import adapter_of
from tests.resolvers.people import build_account


async def test_sources_are_told_without_a_call():
    """The list of sources would cost vendor calls, or show them in the order of the settings file."""
    every = [build_account(name) for name in ("two", "one")]

    told = await ask(sources, None, build_context(*every, principal=WITHOUT_PII))

    assert [(each.name, each.vendor, each.title) for each in told] == [("one", "fake", "Fake"), ("two", "fake", "Fake")]
    assert [adapter_of(source).calls for source in every] == [[], []]


async def test_every_line_of_the_table_is_told():
    """The served capabilities would say something else than the planner goes by."""
    source = build_account()
    table = source.capability.entities

    (told,) = await ask(sources, None, build_context(source))

    assert len(told.capabilities) == sum(
        len(known.operators) for able in table.values() for known in able.fields.values()
    )
    line = next(each for each in told.capabilities if each.field == "memberships.list_id")
    assert (line.type, line.operator, line.support) == (Entity.SUBSCRIBER, Op.EQ, Support.INEXACT)
    people = next(each for each in told.entities if each.type is Entity.SUBSCRIBER)
    assert "email" in people.sortable
    assert "memberships" not in people.sortable
