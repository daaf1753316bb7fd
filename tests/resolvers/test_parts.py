"""
What costs calls of its own: sizes of audiences, parts of extensions, checks of addresses; and look-ups by vendors' ids.
"""

from typing import Any

import pytest

from adapters.errors import CapabilityError, IdError, InputError, VendorUnavailableError
from adapters.records import AudienceKind, AudienceRecord, Entity, SubscriberRecord
from resolvers.audience import SIZE, audience, audience_members, audience_size
from resolvers.email_check import EmailCheckArgs, check_email
from resolvers.extension_part import extension_part
from resolvers.lookups import LookupArgs
from resolvers.pages import ConnectionArgs
from resolvers.selection import build_selection
from tests.resolvers.asking import ask, build_context
from tests.resolvers.fake_source import adapter_of, build_source
from tests.resolvers.role_source import build_role_source, role_of

SELECTION = build_selection("audience", "size")


def build_audience(id_: str, source: str = "a", **values: Any) -> AudienceRecord:
    return AudienceRecord(source=source, id=id_, kind=AudienceKind.AUDIENCE, **values)


async def test_sizes_of_one_source_cost_one_call():
    """Each audience of a page would cost a call, or get its neighbour's number."""
    one, two = build_role_source("a"), build_role_source("b")
    role_of(one).parts = {(SIZE, "1"): 10, (SIZE, "3"): 30}
    role_of(two).parts = {(SIZE, "1"): 99}
    parents = [*(build_audience(id_) for id_ in ("1", "2", "3")), build_audience("1", "b")]

    sizes = await audience_size(parents, None, build_context(one, two), SELECTION)

    assert sizes == [10, None, 30, 99]
    assert (role_of(one).calls, role_of(two).calls) == (["audience size"], ["audience size"])


async def test_a_size_that_is_known_or_cannot_be_asked_costs_nothing():
    """A number that came with the record would be asked for again."""
    one, two = build_role_source("a"), build_source("b")
    parents = [build_audience("1", size=7), build_audience("2", size=0), build_audience("1", "b")]

    assert await audience_size(parents, None, build_context(one, two), SELECTION) == [7, 0, None]
    assert (role_of(one).calls, adapter_of(two).calls) == ([], [])


async def test_a_failed_part_fails_its_own_source_only():
    """One vendor's trouble would take the other audiences' sizes with it."""
    one, two = build_role_source("a"), build_role_source("b")
    role_of(one).fail = lambda *_: True
    role_of(two).parts = {(SIZE, "1"): 5}

    sizes = await audience_size(
        [build_audience("1"), build_audience("1", "b")], None, build_context(one, two), SELECTION
    )

    assert isinstance(sizes[0], VendorUnavailableError)
    assert sizes[1] == 5


async def test_an_error_inside_a_reply_fails_its_record_only():
    """One record that is gone would take the whole page with it."""
    source = build_role_source("a")
    role_of(source).parts = {("badges", "1"): ("x",), ("badges", "2"): CapabilityError("Not this one.")}
    parents = [SubscriberRecord(source="a", id=id_) for id_ in ("2", "1", "2", "9")]

    told = await extension_part(parents, "badges", build_context(source), SELECTION)

    assert told[1] == ("x",)
    assert told[3] is None
    assert [type(told[place]) for place in (0, 2)] == [CapabilityError] * 2
    assert role_of(source).calls == ["subscriber badges"]


async def test_parts_of_several_names_are_asked_side_by_side():
    """Two parts of one record would be mixed up."""
    source = build_role_source("a")
    role_of(source).parts = {("one", "1"): 1, ("two", "1"): 2}
    ctx, parents = build_context(source), [SubscriberRecord(source="a", id="1")]

    told = [await extension_part(parents, name, ctx, SELECTION) for name in ("one", "two", "one")]

    assert told == [[1], [2], [1]]
    assert role_of(source).calls == ["subscriber one", "subscriber two"]


async def test_a_source_without_parts_says_so():
    """A part nobody can read would look empty."""
    (told,) = await extension_part(
        [SubscriberRecord(source="a", id="1")], "badges", build_context(build_source("a")), SELECTION
    )

    assert isinstance(told, CapabilityError)


async def test_members_that_cannot_be_told_are_refused_without_a_call():
    """A condition would look like a group without people."""
    source = build_role_source("a")
    view = AudienceRecord(source="a", id="1", kind=AudienceKind.VIEW, reason="It is a condition.")

    (told,) = await audience_members([view], ConnectionArgs(), build_context(source), SELECTION)

    assert isinstance(told, CapabilityError)
    assert told.hint == "It is a condition."
    assert role_of(source).calls == []


async def test_a_vendors_id_finds_its_record():
    """What a vendor's own page shows would be of no use here."""
    source = build_source("a", None, build_audience("7", name="VIP"))
    ctx = build_context(source, build_source("b"))

    assert (await ask(audience, LookupArgs("vendorId", "7", "a"), ctx, selection=SELECTION)).name == "VIP"
    assert await ask(audience, LookupArgs("vendorId", "8", "a"), ctx, selection=SELECTION) is None
    assert await ask(audience, LookupArgs("vendorId", "7", "b"), ctx, selection=SELECTION) is None


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (LookupArgs("vendorId", "7"), InputError),
        (LookupArgs("vendorId", "7", "elsewhere"), InputError),
        (LookupArgs("vendorId", "", "a"), IdError),
    ],
    ids=["no source", "an unknown source", "no id"],
)
async def test_a_vendors_id_needs_its_source(args: LookupArgs, error: type[InputError]):
    """Of two vendors' ids that look alike, the first would win."""
    source = build_source("a", None, build_audience("7"))

    with pytest.raises(error):
        await ask(audience, args, build_context(source), selection=SELECTION)
    assert adapter_of(source).calls == []


async def test_a_kind_that_a_source_does_not_hold_is_never_asked_for():
    """A vendor that has only customers would answer with one of them."""
    table = {Entity.SUBSCRIBER: adapter_of(build_source("x")).table[Entity.SUBSCRIBER]}
    source = build_source("a", table, build_audience("7"))
    ctx = build_context(source)

    for by in ("vendorId", "ref"):
        with pytest.raises(CapabilityError):
            await ask(audience, LookupArgs(by, "7", "a"), ctx, selection=SELECTION)
    assert adapter_of(source).calls == []


async def test_addresses_are_judged_by_those_who_can():
    """A source that judges nothing would be said to find an address fine."""
    one, two, three = build_role_source("a"), build_role_source("b"), build_source("c")
    role_of(two).fail = lambda *_: True
    ctx = build_context(one, two, three)

    told = await ask(check_email, EmailCheckArgs(" ada@example.com "), ctx, selection=SELECTION)

    assert [(each.source, each.email) for each in told] == [("a", "ada@example.com")]
    assert [vars(notice.error)["source"] for notice in ctx.notices] == ["b"]
    with pytest.raises(VendorUnavailableError):
        await ask(check_email, EmailCheckArgs("ada@example.com", "b"), build_context(two), selection=SELECTION)
    with pytest.raises(CapabilityError):
        await ask(check_email, EmailCheckArgs("ada@example.com"), build_context(three), selection=SELECTION)


@pytest.mark.parametrize("text", ["", "ada", "a\tb@example.com", "a" * 250 + "@example.com"], ids=len)
async def test_what_is_no_address_is_asked_of_nobody(text: str):
    """A vendor would be sent whatever somebody typed."""
    source = build_role_source("a")

    with pytest.raises(InputError):
        await ask(check_email, EmailCheckArgs(text), build_context(source), selection=SELECTION)
    assert role_of(source).calls == []
