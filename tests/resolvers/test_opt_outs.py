"""Who has opted out, among several people over several sources; what nobody could find out is never silence."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from adapters.calls import CallScope
from adapters.contract import PersonMatch, PersonQuery, Source
from adapters.errors import BudgetExceededError, CapabilityError, FacadeError, VendorUnavailableError
from adapters.records import SubscriberRecord
from resolvers.policy.opt_outs import CALLS_EACH, OptOuts, find_opt_outs
from tests.resolvers.asking import build_context
from tests.resolvers.role_source import RoleAdapter, build_role_source, role_of

LEFT: Final[dict[str, Any]] = {"unsubscribed_at": datetime(2020, 1, 1, tzinfo=UTC)}
ADA: Final = {"email": "ada@example.com"}


def person(source: str, id_: str = "1", **values: Any) -> SubscriberRecord:
    return SubscriberRecord(source=source, id=id_, **values)


async def find(people: list[dict[str, Any]], *sources: Source, lenient: bool = False, max_calls: int = 1000) -> OptOuts:
    """Look for people who are named at the first source."""
    ctx = build_context(*sources, max_calls=max_calls)
    return await find_opt_outs(people, sources[0].name, ctx, "test", lenient=lenient)


class Failing(RoleAdapter):
    """A source that answers every search for people with an error."""

    error: FacadeError

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Fail."""
        raise self.error


def build_failing(name: str, error: FacadeError) -> Source:
    """Open a source that fails."""
    plain = build_role_source(name)
    adapter = Failing(name, role_of(plain).table)
    adapter.error = error
    return replace(plain, adapter=adapter)


def lose(name: str) -> VendorUnavailableError:
    return VendorUnavailableError("It is down.", source=name, vendor="fake", operation="people")


@pytest.mark.parametrize(
    "named",
    [{"id": "1"}, {"ref": "A-1"}, {"phone": "0489 701 378"}, ADA, {"mobile": "+61489701378"}],
    ids=["an id", "a reference", "a number", "an address", "a mobile number"],
)
async def test_whoever_is_found_is_followed_to_the_other_sources(named: dict[str, Any]):
    """Broken, an opt-out would count only where the caller happens to name the person as that source does."""
    one = build_role_source("a", person("a", ref="A-1", phone="+61489701378", **ADA), region="AU")
    two = build_role_source("b", person("b", email="ADA@example.com ", **LEFT))

    assert (await find([{"ref": "nobody"}, named], one, two)).places == {1}


async def test_following_ends_after_one_step():
    """Broken, a number that a household shares would lead from person to person, and cost ever more calls."""
    steps = [person("b", "1", email="a@x.example", ref="r1"), person("c", "1", ref="r1", phone="+61489701378")]
    far = person("d", "1", phone="+61489701378", **LEFT)
    sources = [build_role_source(each.source, each, region="AU") for each in (*steps, far)]

    assert (await find([{"email": "a@x.example"}], build_role_source("a"), *sources)).places == frozenset()


async def test_a_source_that_fails_stops_it_unless_the_caller_goes_on():
    """Broken, a source that is down would count as one where nobody has opted out."""
    one = build_role_source("a", person("a", **ADA))

    with pytest.raises(VendorUnavailableError) as failed:
        await find([ADA], one, build_failing("b", lose("b")))
    told = await find([ADA], one, build_failing("b", lose("b")), lenient=True)

    assert "recipientsUnchecked" in str(failed.value.hint)
    assert told.places == frozenset()
    assert [("b" in each.split(), "failed" in each) for each in told.warnings] == [(True, True)]


async def test_an_opt_out_counts_although_another_source_fails():
    """Broken, whoever goes on without one source would lose what the others say."""
    one = build_role_source("a", person("a", **ADA, **LEFT))

    assert (await find([ADA], one, build_failing("b", lose("b")), lenient=True)).places == {0}


async def test_what_would_cost_too_much_is_no_failure_to_pass_over():
    """Broken, nobody would be looked up as soon as there are many, by a word that is about sources that fail."""
    one, two = build_role_source("a", person("a", **ADA)), build_failing("b", BudgetExceededError("Too many calls."))

    with pytest.raises(BudgetExceededError):
        await find([ADA], one, two, lenient=True)


async def test_a_source_that_cannot_look_is_told_with_how_many_it_is_about():
    """Broken, silence would look like an answer."""
    one = build_role_source("a", person("a", ref="A-1"))
    two = build_failing("b", CapabilityError("It finds people by address only."))

    told = await find([{"ref": "A-1"}, {"ref": "A-2"}], one, two)

    assert [each for each in told.warnings if "source b cannot be asked whether 2 of 2 people" in each]
    assert len(told.warnings) == 1


async def test_each_name_is_asked_for_once_at_each_source():
    """Broken, a sending to many people would ask for the same again and again."""
    one = build_role_source("a", *(person("a", str(number), ref=f"r{number}", **ADA) for number in range(5)))

    await find([{"id": str(number)} for number in range(5)], one)

    assert sorted(role_of(one).calls) == ["ids", *["people"] * 6]


async def test_looking_spends_what_is_allowed_for_it_and_not_the_requests_calls():
    """Broken, the sending after it could not be prepared any more."""
    one = build_role_source("a", person("a", **ADA))
    ctx = build_context(one, max_calls=3)

    await find_opt_outs([ADA] * CALLS_EACH, "a", ctx, "test", lenient=False)

    assert ctx.scope.spent == 0
