"""Who is meant by a write about one person: whoever is found, but nobody who only shares something with them."""

from dataclasses import replace
from typing import Any, Final

import pytest

from adapters.contract import MatchReason, PersonMatch
from resolvers.writes.people_looking import build_query, find_everywhere
from resolvers.writes.people_parts import ERASE, UNSUBSCRIBE, UPSERT, PeopleArgs, plan_parts
from tests.resolvers.people import build_people
from tests.resolvers.writes.conftest import EMAIL, SELECTION, World
from tests.resolvers.writes.fake_writer import ABILITIES, build_writing_source
from tests.resolvers.writes.people_places import build_holder

MUTATIONS: Final = ("upsertSubscriber", "updateSubscriber", "unsubscribe", "eraseSubscriber")


PHONE: Final = "+61299990000"
BY_PHONE, BY_EMAIL, BY_REF = (MatchReason.PHONE,), (MatchReason.EMAIL,), (MatchReason.REF,)
BOB: Final = {"email": "bob@shop.example", "ref": "b-1"}
ANN: Final = {"email": EMAIL.title(), "ref": "a-1"}


@pytest.mark.parametrize(
    ("kind", "named", "found", "many", "expected"),
    [
        (UPSERT, {"email": EMAIL}, [(ANN, BY_EMAIL), (ANN, BY_EMAIL)], False, ["AMBIGUOUS"]),
        (UPSERT, {"email": EMAIL}, [(ANN, BY_EMAIL), (ANN, BY_EMAIL)], True, ["1", "2"]),
        (UPSERT, {"email": EMAIL, "ref": "b-1"}, [(ANN, BY_EMAIL), (BOB, BY_REF)], True, ["AMBIGUOUS"]),
        (UPSERT, {"phone": PHONE}, [(ANN, BY_PHONE), (BOB, BY_PHONE)], True, ["AMBIGUOUS"]),
        (UPSERT, {"email": EMAIL, "phone": PHONE}, [(ANN, BY_EMAIL), (BOB, BY_PHONE)], False, ["1"]),
        (ERASE, {"email": EMAIL, "phone": PHONE}, [(ANN, BY_EMAIL), (BOB, BY_PHONE)], False, ["1"]),
        (ERASE, {"email": EMAIL, "phone": PHONE}, [(BOB, BY_PHONE)], False, ["PERSON_UNKNOWN"]),
        (ERASE, {"ref": "a-1", "phone": PHONE}, [(BOB, BY_PHONE)], False, ["PERSON_UNKNOWN"]),
        (ERASE, {"email": EMAIL, "phone": PHONE}, [({}, BY_PHONE)], False, ["1"]),
        (ERASE, {"phone": PHONE}, [(ANN, BY_PHONE), (BOB, BY_PHONE)], False, ["AMBIGUOUS"]),
        (ERASE, {"email": EMAIL}, [(ANN, BY_EMAIL), (ANN, BY_EMAIL)], False, ["1", "2"]),
        (UNSUBSCRIBE, {"phone": PHONE}, [(ANN, BY_PHONE), (BOB, BY_PHONE)], False, ["1", "2"]),
        (UNSUBSCRIBE, {"email": EMAIL, "phone": PHONE}, [(ANN, BY_EMAIL), (BOB, BY_PHONE)], False, ["1"]),
    ],
)
async def test_nobody_else_is_written_over_or_erased(  # noqa: PLR0917 - a case has five parts
    world: World, kind: str, named: dict[str, str], found: list[Any], many: bool, expected: list[str]
) -> None:
    """Broken, whoever shares a number or an address would be renamed, or erased, with the person who is meant."""
    people = [(build_people("here", place, **fields)[0], reasons) for place, (fields, reasons) in enumerate(found, 1)]
    matches = tuple(PersonMatch(record, reasons) for record, reasons in people)
    here = build_holder(build_writing_source("here"), world.vendor, *matches)
    here = replace(
        here,
        package=replace(here.package, many_records=many),
        writes=dict.fromkeys(MUTATIONS, ABILITIES["upsertSubscriber"]),
    )

    (meant,) = await find_everywhere(kind, build_query(named), [here], world.context(), SELECTION)
    parts = plan_parts(PeopleArgs(kind=kind, named=named), here, meant)

    told = [part.args.command.target if part.args else part.refusal and part.refusal.reason for part in parts]
    assert told == expected
