"""
Records of any kind by global id and by federation key, and what they cost.
"""

import pytest

from adapters.errors import IdError, InputError, VendorUnavailableError
from resolvers.context import ReadLimits
from resolvers.ids import encode_id
from resolvers.node import EntityKey, NodeArgs, NodesArgs, entities, node, nodes
from resolvers.selection import build_selection
from tests.resolvers.asking import ask, build_context
from tests.resolvers.fake_source import adapter_of
from tests.resolvers.people import build_account

SELECTION = build_selection("nodes", "id")


def kinds(values) -> list[str]:
    """Return the type and id of each value."""
    return [type(each).__name__ + getattr(each, "id", "") for each in values]


async def test_nodes_keep_their_places_and_fail_alone():
    """One bad id would fail its neighbours, or shift them."""
    source = build_account()
    ids = (
        encode_id("one", "list", ("2",)),
        "nonsense",
        encode_id("one", "subscriber", ("3",)),
        encode_id("one", "subscriber", ("999",)),
        encode_id("elsewhere", "subscriber", ("3",)),
        encode_id("one", "campaign", ("1",)),
        encode_id("one", "list", ("2",)),
    )

    found = await ask(nodes, NodesArgs(ids), build_context(source), selection=SELECTION)

    assert kinds(found) == [
        "ListRecord2",
        "IdError",
        "SubscriberRecord3",
        "NoneType",
        "InputError",
        "CampaignRecord1",
        "ListRecord2",
    ]
    assert adapter_of(source).calls == ["ids", "ids", "ids"]


async def test_entities_cost_what_nodes_cost():
    """A gateway's hundred representations would cost a hundred calls."""
    one, two = build_account("one"), build_account("two")
    keys = [EntityKey("Subscriber", "one", str(id_)) for id_ in range(1, 101)]
    ids = tuple(encode_id(key.source_id, "subscriber", (key.vendor_id,)) for key in keys)

    by_key = await entities(keys, None, build_context(one), SELECTION)
    (by_id,) = await nodes([None], NodesArgs(ids), build_context(two, one), SELECTION)

    assert [each and each.id for each in by_id] == [each and each.id for each in by_key]
    assert adapter_of(one).calls == ["ids", "ids"]


async def test_bad_keys_fail_alone():
    """A representation that cannot be read would fail the others' records."""
    source = build_account()
    broken = InputError("not a key")
    keys: list[EntityKey | InputError] = [
        EntityKey("Campaign", "one", "1"),
        broken,
        EntityKey("Wizard", "one", "1"),
        EntityKey("Campaign", "nowhere", "1"),
        EntityKey("Campaign", "one", "1\n"),
        EntityKey("SubscriberList", "one", "77"),
        EntityKey("Subscriber", "one", "1"),
    ]

    found = await entities(keys, None, build_context(source), SELECTION)

    assert found[1] is broken
    assert kinds(found) == [
        "CampaignRecord1",
        "InputError",
        "IdError",
        "InputError",
        "IdError",
        "NoneType",
        "SubscriberRecord1",
    ]


async def test_a_failed_source_fails_its_own_records_only():
    """One vendor's failure would fail every record of a batch."""
    one, two = build_account("one"), build_account("two")
    adapter_of(one).fail = lambda *_: True
    keys = [EntityKey("Campaign", name, "1") for name in ("two", "one", "two")]

    found = await entities(keys, None, build_context(one, two), SELECTION)

    assert kinds(found) == ["CampaignRecord1", "VendorUnavailableError", "CampaignRecord1"]


async def test_counts_are_bounded_before_any_call():
    """A batch of a million ids would be worked on."""
    source = build_account()
    limits, id_ = ReadLimits(max_nodes=2), encode_id("one", "list", ("1",))
    key = EntityKey("Campaign", "one", "1")

    with pytest.raises(InputError) as caught:
        await ask(nodes, NodesArgs((id_,) * 3), build_context(source, limits=limits), selection=SELECTION)
    refused = await entities([key] * 3, None, build_context(source, limits=limits), SELECTION)
    taken = await entities([key] * 2, None, build_context(source, limits=limits), SELECTION)

    assert caught.value.reason == "TOO_MANY_IDS"
    assert kinds(refused) == ["InputError"] * 3
    assert kinds(taken) == ["CampaignRecord1"] * 2


async def test_node_is_one_record_for_every_parent():
    """A single id would be answered for one alias and not for another."""
    source = build_account()
    ctx = build_context(source)

    found = await node([None, None], NodeArgs(encode_id("one", "list", ("1",))), ctx, SELECTION)

    assert kinds(found) == ["ListRecord1"] * 2
    assert kinds(await node([None], NodeArgs("x"), ctx, SELECTION)) == ["IdError"]
    assert isinstance((await node([None], NodeArgs("x"), ctx, SELECTION))[0], IdError)
    adapter_of(source).fail = lambda *_: True
    other = NodeArgs(encode_id("one", "list", ("2",)))
    assert isinstance((await node([None], other, ctx, SELECTION))[0], VendorUnavailableError)
