"""
Many people at once: every adapter that can answers what it would answer of each alone, in fewer calls.
"""

from collections.abc import Mapping
from typing import Final

import pytest

from adapters.contract import FindsManyPeople, FindsPeople, PeopleFound, PersonQuery
from adapters.errors import CapabilityError, FacadeError
from adapters.sandbox.cast import CAST
from tests.contract.accounts import VENDORS, Account, build_scope

EMAILS: Final = [PersonQuery(email=email) for email in (*(each.email for each in CAST[:12]), "nobody@example.com")]
REFS: Final = [PersonQuery(ref=ref) for ref in (*(each.ref for each in CAST[:12]), "nobody")]
PHONES: Final = [PersonQuery(phone=phone) for phone in (*(each.mobile for each in CAST[:6]), "+61491570156", "none")]
BATCHING: Final = [vendor for vendor in VENDORS if vendor in {"taguchi_v4", "taximail", "talon_one"}]


def _ids(found: PeopleFound) -> object:
    return type(found) if isinstance(found, FacadeError) else {match.record.id: match.reasons for match in found}


async def _find_each(account: Account, queries: list[PersonQuery]) -> Mapping[PersonQuery, PeopleFound]:
    finder = account.source.adapter
    assert isinstance(finder, FindsPeople)
    answers: dict[PersonQuery, PeopleFound] = {}
    for query in queries:
        try:
            answers[query] = await finder.fetch_people(query, build_scope(), purpose="")
        except FacadeError as error:
            answers[query] = error
    return answers


@pytest.mark.parametrize("queries", [EMAILS, REFS, PHONES, [*EMAILS, *REFS, *PHONES]], ids=["e", "r", "p", "all"])
@pytest.mark.parametrize("vendor", BATCHING)
async def test_many_are_found_as_each_alone_is(account: Account, queries: list[PersonQuery]):
    """Somebody's opt-out would be found alone and missed among many, or be taken for another's."""
    finder = account.source.adapter
    assert isinstance(finder, FindsManyPeople)
    alone = await _find_each(account, queries)
    each_alone = len(await account.received())
    scope = build_scope()

    found = await finder.fetch_many_people(queries, scope, purpose="many")

    calls = await account.received()
    assert {query: _ids(each) for query, each in found.items()} == {query: _ids(each) for query, each in alone.items()}
    assert len(calls) == scope.spent <= each_alone
    assert {call.purpose for call in scope.calls} <= {"many"}


@pytest.mark.parametrize(("vendor", "most"), [("taguchi_v4", 2), ("taximail", 16)])
async def test_addresses_share_calls(account: Account, most: int):
    """A message to a hundred people would take a thousand calls."""
    finder = account.source.adapter
    assert isinstance(finder, FindsManyPeople)
    await account.received()

    await finder.fetch_many_people(EMAILS, build_scope(), purpose="")

    assert 0 < len(await account.received()) <= most


@pytest.mark.parametrize("vendor", BATCHING)
async def test_a_failure_is_an_answer_and_never_nobody(account: Account):
    """A source that is down would look like one where nobody has opted out."""
    finder = account.source.adapter
    assert isinstance(finder, FindsManyPeople)
    await account.misbehave({"kind": "status", "status": 500})

    found = await finder.fetch_many_people([*EMAILS[:3], *REFS[:2]], build_scope(), purpose="")

    assert len(found) == 5
    failures = [each for each in found.values() if isinstance(each, FacadeError)]
    assert len(failures) == 5
    assert any(not isinstance(each, CapabilityError) for each in failures)
