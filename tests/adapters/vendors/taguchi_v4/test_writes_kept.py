"""Changes of records: what goes back as it was read, and what a caller relies on in the parts of a record."""

from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import InputError, VendorConflictError
from adapters.sandbox import Fault
from tests.adapters.vendors.taguchi_v4.world import World, build_world
from tests.adapters.vendors.taguchi_v4.written import Notes, command, look_again, prepare, send, writes

LEFT, LEFT_WIRE = "2023-01-01T00:00:00Z", "2023-01-01T00:00:00"
SOURCE: dict[str, Any] = {
    "href": "https://files.example.com/a.tsv",
    "format": {"type": "delimited", "field_separator": "\\t", "line_separator": "\\n"},
    "fields": [{"name": "email", "select": "@0"}],
}
XML = (
    '<manifest xmlns="http://taguchimail.com/manifest"><source href="https://files.example.com/a.tsv">'
    '<format type="delimited" field-separator="\\t" line-separator="\\n"/>'
    '<fields><field name="email" select="@0"/></fields><lists></lists></source></manifest>'
)


@pytest.fixture
def world() -> World:
    """A record of each kind that has parts of its own."""
    saved = [
        {"id": 1, "content": "<a/>", "approval_status": "deployed"},
        {"id": 2, "content": "<b/>", "template_revision_id": 3},
    ]
    return build_world(
        {
            "list": [{"id": 5, "name": "Colleagues", "type": "proof"}],
            "activity": [{"id": 1, "revisions": saved}],
            "template": [{"id": 1, "revisions": [{"id": 3, "content": "<t/>", "format": "<f/>"}]}, {"id": 2}],
            "import": [{"id": 1, "manifest": XML}],
            "subscriber": [
                {
                    "id": 7,
                    "email": "ada@example.org",
                    "unsubscribed": LEFT_WIRE,
                    "lists": [{"list_id": 5, "unsubscribed": LEFT_WIRE}],
                }
            ],
        }
    )


async def test_a_proof_list_stays_one(world: World) -> None:
    """Public clients send back a list's type too: left out, proofs might go to customers afterwards."""
    await send(world, command("updateList", 5, fields={"name": "Team"}))

    ((_, body),) = writes(world)
    assert (body["name"], body["type"]) == ("Team", "proof")


@pytest.mark.parametrize(
    ("kind", "values", "flags"),
    [
        ("resubscribe", {"consent": "asked"}, {"unsubscribed": None}),
        ("updateSubscriber", {"fields": {"title": "Ms"}}, {"unsubscribed": LEFT_WIRE}),
    ],
)
async def test_a_person_goes_back_whole(world: World, kind: str, values: Any, flags: dict[str, Any]) -> None:
    """
    An opt-out would be undone, or custom fields sent as nothing.

    Source: Custom Fields: "set the custom_fields value to an empty list instead of a null value".
    """
    await send(world, command(kind, 7, **values))

    ((_, body),) = writes(world)
    assert (body["email"], body["custom_fields"]) == ("ada@example.org", [])
    assert {name: body[name] for name in flags} == flags


RELIED: list[tuple[str, int, dict[str, Any], str | None]] = [
    ("updateActivity", 1, {"revisions": [{"content": "<b/>", "template_revision_id": "3"}]}, None),
    ("updateActivity", 1, {"revisions": [{"approval_status": "deployed"}, {"content": "<b/>"}]}, None),
    ("updateActivity", 1, {"revisions": [{"content": "<a/>"}]}, "revisions"),
    ("updateActivity", 1, {"revisions": [{"content": "<b/>", "approval_status": "approved"}]}, "revisions"),
    ("updateActivity", 1, {"revisions": []}, "revisions"),
    ("updateActivity", 1, {"revisions": [{"content": "<a/>"}] * 3}, "revisions"),
    ("updateTemplate", 1, {"revisions": [{"content": "<t/>", "format": "<f/>"}]}, None),
    ("updateTemplate", 1, {"revisions": [{"content": "<t/>", "format": "<g/>"}]}, "revisions"),
    ("updateTemplate", 2, {"revisions": []}, None),
    ("updateImport", 1, {"manifest": {"sources": [SOURCE]}}, None),
    ("updateImport", 1, {"manifest_xml": XML.replace(' type="delimited"', " type='delimited'")}, None),
    ("updateImport", 1, {"manifest": {"sources": [{**SOURCE, "list_ids": ["5"]}]}}, "manifest"),
    ("updateImport", 1, {"manifest": None}, "manifest"),
    ("updateSubscriber", 7, {"memberships": [{"list_id": "5", "subscribed": False, "left_at": LEFT}]}, None),
    (
        "updateSubscriber",
        7,
        {"memberships": [{"list_id": "5", "subscribed": False, "left_at": "2024-01-01T00:00:00Z"}]},
        r"memberships\.5",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target", "relied", "moved"), RELIED)
async def test_parts_that_are_relied_on(world: World, kind: str, target: int, relied: Any, moved: str | None) -> None:
    """What a caller relies on was left uncompared, and somebody else's change overwritten."""
    asked = command(kind, target, fields={"ref": "new"}, if_unchanged=relied)
    if moved is None:
        assert (await send(world, asked)).outcome is Outcome.APPLIED
        return
    with pytest.raises(VendorConflictError, match=rf"by now: {moved}\.") as refused:
        await prepare(world, asked)
    assert (refused.value.code, refused.value.reason) == ("CONFLICT", "MOVED")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({**SOURCE["format"], "select": "//a"}, "select"),
    ({"type": "xml", "select": "//a", "line_separator": "\\n"}, "lineSeparator"),
    ({"type": "xml"}, "select"),
]


@pytest.mark.parametrize(("layout", "path"), REFUSED)
async def test_a_layout_of_a_file_is_whole_and_no_more(world: World, layout: dict[str, Any], path: str) -> None:
    """Source: Manifest: each type of file has attributes of its own; others would be dropped without a word."""
    manifest = {"sources": [{**SOURCE, "format": layout}]}

    with pytest.raises(InputError) as refused:
        await prepare(world, command("createImport", fields={"manifest": manifest}))

    assert refused.value.path == ("input", "fields", "manifest", "sources", 0, "format", path)


@pytest.mark.parametrize(("operator", "value"), [("eq", None), ("is", "VIC"), ("nt", "null")])
async def test_a_condition_compares_with_what_it_can(world: World, operator: str, value: str | None) -> None:
    """Source: Queries: `is` and `nt` test for NULL, which the others never equal."""
    condition = {"field": "state", "operator": operator, "value": value}

    with pytest.raises(InputError) as refused:
        await prepare(world, command("extractList", 5, conditions=[condition]))

    assert refused.value.path == ("input", "conditions", 0, "value")


SAME = [
    ("updateActivity", {"content": "<b/>", "template_revision_id": "3"}),
    ("updateActivity", {"content": "<b/>", "template_revision_id": "3", "approval_status": "approved"}),
    ("updateTemplate", {"content": "<t/>", "format": "<f/>"}),
]


@pytest.mark.parametrize(("kind", "revision"), SAME)
@pytest.mark.parametrize("applied", [True, False])
async def test_a_saved_revision_is_not_taken_for_a_new_one(
    world: World, kind: str, revision: dict[str, Any], applied: bool
) -> None:
    """Broken, a revision that was never saved, or never approved, would be called done by the one before it."""
    world.sandbox.faults.add(Fault("status", status=502, match="_method=PUT", applied=applied))
    asked = command(kind, 1, fields={"revisions": [revision]})
    notes = Notes()

    assert (await send(world, asked, notes)).outcome is Outcome.UNKNOWN
    found = await look_again(world, asked, notes.known_by)

    assert found.outcome is (Outcome.APPLIED if applied else Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("kind", "asked_for", "saved"),
    [
        ("Activity", {"content": "<a/>", "approval_status": "approved"}, {"content": "<a/>"}),
        ("Activity", {"content": "<a/>", "template_revision_id": "3"}, {"content": "<a/>"}),
        ("Template", {"content": "<t/>", "format": "<f/>"}, {"content": "<t/>"}),
    ],
)
async def test_a_revision_is_the_one_that_was_sent_in_all_its_parts(
    kind: str, asked_for: dict[str, Any], saved: dict[str, Any]
) -> None:
    """Broken, somebody else's revision of the same content would stand for one that was to be approved."""
    world = build_world({kind.lower(): [{"id": 1, "ref": "r", "revisions": [{"id": 1, **saved}]}]})
    asked = command(f"create{kind}", fields={"ref": "r", "revisions": [asked_for]})

    assert (await look_again(world, asked)).outcome is Outcome.UNKNOWN


async def test_two_words_say_that_a_revision_is_approved() -> None:
    """Broken, an approved revision that is deployed by now would stay in doubt for ever."""
    saved = {"id": 1, "content": "<a/>", "approval_status": "deployed"}
    world = build_world({"activity": [{"id": 1, "ref": "r", "revisions": [saved]}]})
    revision = {"content": "<a/>", "approval_status": "approved"}
    asked = command("createActivity", fields={"ref": "r", "revisions": [revision]})

    assert (await look_again(world, asked)).outcome is Outcome.APPLIED
