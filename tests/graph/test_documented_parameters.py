"""Every parameter that a vendor's document names for a write can be given, and is sent as the document has it."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.graph.documented import Documented, Request, list_names, settle, spell, trim
from tests.graph.documented_others import DOCUMENTED as OF_OTHERS
from tests.graph.documented_taguchi_v4 import DOCUMENTED as OF_TAGUCHI_V4
from tests.graph.every_writer import build_write, id_of, open_writing
from tests.graph.test_dry_runs import list_abilities
from tests.graph.write_cases import LATER, NOON, TAXIMAIL, THOMAS, V5, Case

DOCUMENTED: Final = (*OF_TAGUCHI_V4, *OF_OTHERS)


@pytest.mark.parametrize("known", DOCUMENTED, ids=lambda known: f"{known.vendor} {known.section}")
async def test_what_a_document_has_is_received(known: Documented) -> None:
    """A parameter nobody can give would need another client; one of another name or type would be lost, or refused."""
    vendor, outcomes, received = known.vendor, list[str](), list[list[Request]]()
    async with open_writing(vendor) as world:
        for asked in known.asked:
            world.forget()
            done = await world.write(asked.case.mutation, **asked.case.given)
            outcomes.append(done["outcome"])
            received.append([trim(vendor, each) for each in world.list_writes(vendor)])

    for asked, got in zip(known.asked, received, strict=True):
        assert spell(got) == spell(settle(asked.received, got))
    said = {name for got in received for each in got for name in list_names(each)}
    assert set(known.names.split()) - said == set()
    assert [outcome == "REJECTED" for outcome in outcomes] == [asked.refused for asked in known.asked]
    assert set(outcomes) <= {"APPLIED", "ACCEPTED", "REJECTED"}


def test_every_mutation_of_every_vendor_is_held_against_its_document() -> None:
    """A mutation beside these could send whatever it likes."""
    assert {(asked.case.mutation, known.vendor) for known in DOCUMENTED for asked in known.asked} == list_abilities()


def _v4(mutation: str, kind: str, given: Mapping[str, Any], key: int = 1) -> Case:
    return Case(mutation, "taguchi_v4", {"id": id_of("taguchi_v4", kind, key), **given})


def _user(mutation: str, **given: Any) -> Case:
    return Case(mutation, "sendios", {"id": id_of("sendios", "subscriber", 8424), **given})


LATER_MEMBERSHIP: Final = {"listId": "5", "subscribed": False, "leftAt": LATER}
REFUSED: Final[Mapping[str, tuple[Case, str]]] = {
    "to come": (_v4("unsubscribe", "subscriber", {"at": LATER}), "input.at"),
    "to come, of a list": (_v4("setListMembership", "subscriber", LATER_MEMBERSHIP), "input.leftAt"),
    "joining": (_v4("setListMembership", "subscriber", {"listId": "5", "leftAt": NOON}), "input.leftAt"),
    "a bounce to come": (
        _v4("updateSubscriber", "subscriber", {"fields": {"bouncedAt": LATER}}), "input.fields.bouncedAt",
    ),
    "a bounce cleared": (
        _v4("updateSubscriber", "subscriber", {"fields": {"bouncedAt": None}}), "input.fields.bouncedAt",
    ),
    "an opt-out to come": (
        _v4("updateSubscriber", "subscriber", {"fields": {"unsubscribedAt": LATER}}), "input.fields.unsubscribedAt",
    ),
    "an opt-out cleared": (
        Case("upsertSubscriber", "taguchi_v4", {
            "source": "taguchi_v4", "fields": {"ref": "crm-2", "unsubscribedAt": None},
        }),
        "input.fields.unsubscribedAt",
    ),
    "V5, an opt-out": (
        Case("upsertSubscriber", "taguchi_v5", {**V5, "fields": {"email": "n@example.org", "unsubscribedAt": NOON}}),
        "input.fields.unsubscribedAt",
    ),
    "V5, to come": (
        Case("unsubscribe", "taguchi_v5", {"byEmail": {**V5, "email": THOMAS}, "at": LATER}), "input.at",
    ),
    "V5, of a list": (
        Case("upsertSubscriber", "taguchi_v5", {
            **V5, "fields": {"email": "n@example.org", "memberships": [LATER_MEMBERSHIP]},
        }),
        "input.fields.memberships.0.leftAt",
    ),
    "V5, a bounce": (
        Case("upsertSubscriber", "taguchi_v5", {**V5, "fields": {"email": "n@example.org", "bouncedAt": NOON}}),
        "input.fields.bouncedAt",
    ),
    "Taximail": (
        Case("createSubscriber", "taximail", {
            **TAXIMAIL, "fields": {
                "email": "n@example.org", "memberships": [{"listId": "402", "subscribed": False, "leftAt": NOON}],
            },
        }),
        "input.fields.memberships.0.leftAt",
    ),
    "Sendios": (_user("unsubscribe", at=NOON), "input.at"),
}  # fmt: skip


@pytest.mark.parametrize(("case", "path"), REFUSED.values(), ids=REFUSED)
async def test_times_that_cannot_be_sent_are_refused(case: Case, path: str) -> None:
    """An opt-out would be dated to tomorrow, a bounce be cleared unseen, or a time be dropped without a word."""
    async with open_writing(case.vendor) as world:
        answer = await world.ask(build_write(case.mutation, "warnings"), input=case.given)
        written = world.list_writes(case.vendor)

    (error,) = answer["errors"]
    assert written == []
    assert ".".join(map(str, error["extensions"]["inputPath"])) == path
