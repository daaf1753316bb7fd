"""Lists, campaigns, views, templates, activities and imports: made, changed, removed, and read back."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import CapabilityError, ConsentError, FacadeError, InputError, NotFoundError, VendorConflictError
from adapters.records import Entity
from adapters.vendors.taguchi_v4.resources import RESOURCES
from adapters.vendors.taguchi_v4.writing.abilities import NOUNS
from adapters.vendors.taguchi_v4.writing.fields import KEPT, WRITABLE
from adapters.vendors.taguchi_v4.writing.imports import IMPORT_CHECK
from tests.adapters.vendors.taguchi_v4.world import World, build_world, scope
from tests.adapters.vendors.taguchi_v4.written import Notes, command, look_again, prepare, send, writes

SOON = "2099-02-01T09:00:00Z"
SOON_WIRE = "2099-02-01T09:00:00"
MANIFEST = {
    "sources": [
        {
            "href": "ftp://loader:s3cret@files.example.com/a.tsv?x=1&y=2",
            "format": {"type": "delimited", "field_separator": "\\t", "line_separator": "\\n"},
            "fields": [{"name": "email", "select": "@0"}, {"name": "custom_shoe size", "select": "@1"}],
            "list_ids": ["5", "6"],
        },
        {
            "href": "https://files.example.com/b.xml",
            "format": {"type": "xml", "select": "//person[@a='1' and b>\"2\"]"},
            "fields": [{"name": "email", "select": "mail/text()"}],
        },
    ]
}
XML = (
    '<manifest xmlns="http://taguchimail.com/manifest">'
    '<source href="ftp://loader:s3cret@files.example.com/a.tsv?x=1&amp;y=2">'
    '<format type="delimited" field-separator="\\t" line-separator="\\n"/>'
    '<fields><field name="email" select="@0"/><field name="custom_shoe size" select="@1"/></fields>'
    '<lists><list id="5"/><list id="6"/></lists></source>'
    '<source href="https://files.example.com/b.xml">'
    '<format type="xml" select="//person[@a=\'1\' and b&gt;&quot;2&quot;]"/>'
    '<fields><field name="email" select="mail/text()"/></fields><lists></lists></source></manifest>'
)
# what is given by our names, and what goes out
FIELDS: dict[Entity, tuple[dict[str, Any], dict[str, Any]]] = {
    Entity.LIST: ({"ref": "r", "name": "N", "status": "active", "data": "d"},) * 2,
    Entity.CAMPAIGN: (
        {"ref": "r", "name": "N", "starts_at": SOON, "success_event_ref": "s", "status": "x", "data": "d"},
        {"ref": "r", "name": "N", "date": SOON_WIRE, "success_event_ref": "s", "status": "x", "data": "d"},
    ),
    Entity.VIEW: ({"ref": "r", "name": "N", "predicate": "s.state = 'VIC'", "status": "x"},) * 2,
    Entity.TEMPLATE: (
        {
            "ref": "r", "name": "N", "type": "broadcast", "subtype": "news", "status": "x", "data": "d",
            "revisions": [{"content": "<a/>", "format": "<f/>"}, {"content": "<b/>"}],
        },
        {
            "ref": "r", "name": "N", "type": "broadcast", "subtype": "news", "status": "x", "data": "d",
            "revisions": [{"content": "<a/>", "format": "<f/>"}, {"content": "<b/>", "format": None}],
        },
    ),
    Entity.ACTIVITY: (
        {
            "ref": "r", "name": "N", "type": "broadcast", "subtype": "news", "status": "x", "data": "d",
            "target_list_ids": ["5", "6"], "target_view_ids": [], "scheduled_at": SOON, "throttle": 30,
            "campaign_id": "1", "template_id": "1",
            "revisions": [
                {"content": "<a/>"},
                {"content": "<b/>", "template_revision_id": "2", "approval_status": "deployed"},
            ],
        },
        {
            "ref": "r", "name": "N", "type": "broadcast", "subtype": "news", "status": "x", "data": "d",
            "target_lists": "[5, 6]", "target_views": "[]", "date": SOON_WIRE, "throttle": 30, "campaign_id": 1,
            "template_id": 1,
            "revisions": [
                {"content": "<a/>", "template_revision_id": None},
                {"content": "<b/>", "template_revision_id": 2, "approval_status": "deployed"},
            ],
        },
    ),
    Entity.IMPORT: (
        {"ref": "r", "name": "N", "origin": "fair", "params": "{}", "status": "x", "manifest": MANIFEST},
        {"ref": "r", "name": "N", "source": "fair", "params": "{}", "status": "x", "manifest": XML},
    ),
}  # fmt: skip
OTHER = {
    Entity.LIST: {"name": "M", "data": None},
    Entity.CAMPAIGN: {"name": "M", "starts_at": None},
    Entity.VIEW: {"predicate": "false"},
    Entity.TEMPLATE: {"name": "M", "revisions": [{"content": "<c/>"}]},
    Entity.ACTIVITY: {"throttle": 5, "target_list_ids": None, "revisions": [{"content": "<c/>"}]},
    Entity.IMPORT: {"origin": "shop"},
}
ENTITIES = list(NOUNS)


@pytest.fixture
def world() -> World:
    """An account with what the others refer to."""
    return build_world(
        {
            "list": [{"id": 5}, {"id": 6}],
            "event": [{"ref": "s"}],
            "campaign": [{"id": 1, "name": "C"}],
            "template": [{"id": 1, "name": "T"}],
        }
    )


def held(world: World, entity: Entity, id_: Any) -> dict[str, Any] | None:
    """What the vendor holds of a record."""
    return world.sandbox.store.row(RESOURCES[entity], int(id_))


def make(entity: Entity, **values: Any) -> Any:
    """The mutation that makes a record."""
    return command(f"create{NOUNS[entity]}", **values)


@pytest.mark.parametrize("entity", ENTITIES)
async def test_every_documented_field_goes_out(world: World, entity: Entity) -> None:
    """One POST with one record in an array; a field the input cannot name cannot be written."""
    given, expected = FIELDS[entity]

    result = await send(world, make(entity, fields=given))

    assert writes(world) == [(f"{RESOURCES[entity]}/?_method=POST", expected)]
    assert set(expected) - {"revisions"} == set(WRITABLE[entity])
    row = held(world, entity, result.id) or {}
    assert {name: row[name] for name in expected if name != "revisions"} == {
        name: value for name, value in expected.items() if name != "revisions"
    }
    assert [each["content"] for each in row.get("revisions", ())] == [
        each["content"] for each in expected.get("revisions", ())
    ]
    assert (result.outcome, result.warnings) == (Outcome.APPLIED, ())


@pytest.mark.parametrize("entity", ENTITIES)
async def test_round_trip(world: World, entity: Entity) -> None:
    """Create, read back, update, read back, delete, read back."""
    word = NOUNS[entity]
    made = await send(world, make(entity, fields=FIELDS[entity][0]))
    again = await look_again(world, make(entity, fields=FIELDS[entity][0]))
    assert (again.outcome, again.id) == (Outcome.APPLIED, made.id)

    change = command(f"update{word}", made.id, fields=OTHER[entity])
    assert (await look_again(world, change)).outcome in {Outcome.REJECTED, Outcome.UNKNOWN}
    changed = await send(world, change)
    ((line, body),) = writes(world)
    assert line == f"{RESOURCES[entity]}/{made.id}?_method=PUT"
    assert set(body) - {"revisions"} == {"id", *WRITABLE[entity], *KEPT.get(entity, ())}
    assert (changed.outcome, (await look_again(world, change)).outcome) == (Outcome.APPLIED, Outcome.APPLIED)
    assert body["ref"] == (held(world, entity, made.id) or {})["ref"] == "r"

    remove = command(f"delete{word}", made.id)
    assert (await look_again(world, remove)).outcome is Outcome.REJECTED
    gone = await send(world, remove)
    assert writes(world) == [(f"{RESOURCES[entity]}/{made.id}?_method=DELETE", None)]
    assert (gone.outcome, gone.id, held(world, entity, made.id)) == (Outcome.APPLIED, made.id, None)
    assert (await look_again(world, remove)).outcome is Outcome.APPLIED
    read = await world.adapter.fetch_by_ids(entity, [str(made.id)], scope(), parts=frozenset(), purpose="test")
    assert read[str(made.id)] is None


@pytest.mark.parametrize("entity", ENTITIES)
async def test_read_back_of_what_was_not_made(world: World, entity: Entity) -> None:
    """With a reference that nothing has, or has any more, nobody knows; without one neither."""
    for fields in ({"ref": "r", "name": "N"}, {"name": "N"}):
        lost = await look_again(world, make(entity, fields=fields))
        assert (lost.outcome, lost.check is not None) == (Outcome.UNKNOWN, True)


async def test_read_back_where_somebody_else_was_quicker(world: World) -> None:
    """A record of this reference with other values may be anybody's."""
    await send(world, command("createList", fields={"ref": "r", "name": "Theirs"}))

    found = await look_again(world, command("createList", fields={"ref": "r", "name": "Ours"}))

    assert (found.outcome, found.check) == (Outcome.UNKNOWN, "Look at the list: name differ from what was sent.")


async def test_a_new_revision_is_told_from_the_saved_ones(world: World) -> None:
    """Saved revisions are not sent back, so none is made twice."""
    made = await send(world, make(Entity.ACTIVITY, fields=FIELDS[Entity.ACTIVITY][0]))
    await send(world, command("updateActivity", made.id, fields={"name": "M"}))
    ((_, body),) = writes(world)
    assert "revisions" not in body
    await send(world, command("updateActivity", made.id, fields={"revisions": [{"content": "<c/>"}]}))

    revisions = (held(world, Entity.ACTIVITY, made.id) or {})["revisions"]
    assert [(each["content"], each["approval_status"]) for each in revisions] == [
        ("<a/>", None),
        ("<b/>", "deployed"),
        ("<c/>", None),
    ]


async def test_if_unchanged(world: World) -> None:
    """A field that moved refuses the write."""
    asked = {"fields": {"name": "M"}, "if_unchanged": {"name": "C", "starts_at": None}}
    assert (await send(world, command("updateCampaign", 1, **asked))).outcome is Outcome.APPLIED
    with pytest.raises(VendorConflictError, match=r"by now: name\."):
        await prepare(world, command("updateCampaign", 1, **asked))


@pytest.mark.parametrize("kind", ["createActivity", "updateActivity"])
@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"scheduled_at": "2001-01-01T00:00:00Z"}, "scheduledAt"),
        ({"scheduled_at": "2020-01-01T00:00:00Z", "throttle": 1}, "scheduledAt"),
        ({"throttle": -1}, "throttle"),
    ],
)
async def test_when_and_how_fast_an_activity_goes_out_is_checked(
    world: World, kind: str, fields: dict[str, Any], path: str
) -> None:
    """Once queued, it would be sent at once, or at a rate that means nothing."""
    world.sandbox.store.insert("activity", {"name": "A"})
    target = 1 if kind == "updateActivity" else None

    with pytest.raises(InputError) as refused:
        await prepare(world, command(kind, target, fields=fields))

    assert refused.value.path == ("input", "fields", path)


async def test_an_activity_that_has_gone_out_keeps_its_schedule(world: World) -> None:
    """A form that sends the whole record back could not change its name any more."""
    world.sandbox.store.insert("activity", {"name": "A", "date": "2020-01-01T00:00:00"})
    asked = command("updateActivity", 1, fields={"scheduled_at": "2020-01-01T00:00:00Z", "name": "M"})

    assert (await prepare(world, asked)).requests[0].body[0]["name"] == "M"


# --- imports ----------------------------------------------------------------------------------------------------------


async def test_credentials_of_a_manifest_show_nowhere(world: World) -> None:
    """They go to Taguchi and back to it when the import is changed, and to nobody else."""
    made = await send(world, make(Entity.IMPORT, fields=FIELDS[Entity.IMPORT][0]))
    created = await prepare(world, make(Entity.IMPORT, fields={**FIELDS[Entity.IMPORT][0], "ref": "q"}))
    changed = await prepare(world, command("updateImport", made.id, fields={"manifest": MANIFEST, "name": "M"}))
    removed = await prepare(world, command("deleteImport", made.id))

    for shown in (created, changed, removed):
        text = repr((shown.requests, shown.before, shown.after, shown.warnings))
        assert "s3cret" not in text
    assert "s3cret" not in repr(made.record)
    await send(world, command("updateImport", made.id, fields={"name": "M"}))
    assert (held(world, Entity.IMPORT, made.id) or {})["manifest"] == XML


async def test_import_subscribers(world: World) -> None:
    """The record, then its start: people come onto the list, and the counts are read back."""
    world.sandbox.store.files["https://files.example.com/a.tsv"] = "a@example.org\t2\n\nb@example.org\t0\n"
    source = {**MANIFEST["sources"][0], "href": "https://files.example.com/a.tsv"}
    asked = command("importSubscribers", None, "asked", taguchi={"name": "I", "manifest": {"sources": [source]}})
    prepared = await prepare(world, asked)
    assert [each.url.partition("?")[0] for each in prepared.requests] == [
        "/admin/api/1/import/",
        "/admin/api/1/import/%7Bid%7D",
    ]

    result = await send(world, asked)

    assert [line for line, _ in writes(world)] == ["import/?_method=POST", f"import/{result.id}?_method=PROCESS"]
    assert (result.outcome, result.known_by) == (Outcome.ACCEPTED, {"id": result.id})
    assert [row["email"] for row in world.sandbox.store.rows("subscriber")] == ["a@example.org", "b@example.org"]
    found = await look_again(world, asked, result.known_by)
    assert (found.outcome, found.facts["total"], found.facts["global_new"]) == (Outcome.ACCEPTED, 2, 2)


async def test_process_import(world: World) -> None:
    """A start, and the warning that it was started before."""
    made = await send(world, make(Entity.IMPORT, fields={"manifest_xml": XML}))
    asked = command("processImport", made.id, "asked")
    before = await look_again(world, asked)

    first, second = await send(world, asked), await send(world, asked)

    assert (before.outcome, first.outcome, first.warnings) == (Outcome.UNKNOWN, Outcome.ACCEPTED, ())
    assert second.warnings == ("This import has been processed before.",)
    found = await look_again(world, asked)
    started = world.sandbox.store.rows("import")[0]["timestamp"]
    assert (found.outcome, found.facts["started"], found.check) == (Outcome.ACCEPTED, started, IMPORT_CHECK)
    again = await look_again(world, asked, {"id": made.id or "", "started": started})
    assert (again.outcome, again.check) == (
        Outcome.UNKNOWN,
        f"Look at import {made.id} in Taguchi: it has not started since this was sent.",
    )
    assert first.check == IMPORT_CHECK


async def test_people_are_not_imported_by_hand(world: World) -> None:
    """Taguchi reads files: people who are listed would be lost without a word."""
    asked = replace(command("importSubscribers", taguchi={"manifest_xml": XML}), items=({"email": "a@example.org"},))
    with pytest.raises(CapabilityError) as refused:
        await prepare(world, asked)

    assert refused.value.path == ("input", "items")


@pytest.mark.parametrize("kind", ["processImport", "importSubscribers"])
async def test_imports_are_not_checked(world: World, kind: str) -> None:
    """A file may put people back on lists: who imports must say that nobody looks."""
    values = {"taguchi": {"manifest_xml": XML}} if kind == "importSubscribers" else {}
    asked = replace(command(kind, 1, **values), unchecked=False)
    with pytest.raises(ConsentError) as refused:
        await prepare(world, asked)

    assert refused.value.path == ("input", "recipientsUnchecked")


def source_with(**changes: Any) -> dict[str, Any]:
    """A manifest whose one source is a little different."""
    return {"manifest": {"sources": [{**MANIFEST["sources"][0], **changes}]}}


PLACE = ("input", "fields", "manifest", "sources")
REFUSED: list[tuple[str, Any, dict[str, Any], tuple[Any, ...]]] = [
    ("createActivity", None, {"campaign_id": "one"}, ("input", "fields", "campaignId")),
    ("createActivity", None, {"target_list_ids": ["5", "x"]}, ("input", "fields", "targetListIds", 1)),
    (
        "createActivity",
        None,
        {"revisions": [{"content": "", "template_revision_id": "x"}]},
        ("input", "fields", "revisions", 0, "templateRevisionId"),
    ),
    ("createImport", None, {"manifest": {"sources": []}}, PLACE),
    ("createImport", None, source_with(href="gopher://x"), (*PLACE, 0, "href")),
    ("createImport", None, source_with(list_ids=["x"]), (*PLACE, 0, "listIds", 0)),
    ("createImport", None, source_with(format={"type": "xml"}), (*PLACE, 0, "format", "select")),
    (
        "createImport",
        None,
        source_with(format={"type": "delimited", "field_separator": ","}),
        (*PLACE, 0, "format", "lineSeparator"),
    ),
    ("createImport", None, {"manifest": MANIFEST, "manifest_xml": XML}, ("input", "fields", "manifest")),
    ("createImport", None, {"manifest_xml": "<x>"}, ("input", "fields", "manifestXml")),
    ("createImport", None, {"manifest_xml": "<!DOCTYPE a []><manifest/>"}, ("input", "fields", "manifestXml")),
    ("updateList", None, {}, ("input", "id")),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[3][-1]}")
async def test_bad_input(world: World, case: tuple[str, Any, dict[str, Any], tuple[Any, ...]]) -> None:
    """It is refused before the vendor is written to, by its place in the input."""
    kind, target, fields, path = case
    with pytest.raises(InputError) as refused:
        await prepare(world, command(kind, target, fields=fields))

    assert refused.value.path == path


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("verb", ["update", "delete"])
async def test_what_is_not_there(world: World, entity: Entity, verb: str) -> None:
    """A record that is gone is not written to."""
    with pytest.raises(NotFoundError):
        await prepare(world, command(f"{verb}{NOUNS[entity]}", 99, fields={}))


async def test_gone_between_reading_and_writing(world: World) -> None:
    """404 after a write is NOT_FOUND, and nothing has changed."""
    prepared = await prepare(world, command("updateList", 5, fields={"name": "M"}))
    world.sandbox.store.soft_delete("list", 5)

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert isinstance(result.error, FacadeError)
    assert (result.outcome, result.error.code) == (Outcome.REJECTED, "NOT_FOUND")


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (command("processImport", 1), ("input", "id")),
        (command("importSubscribers", taguchi={"name": "I"}), ("input", "taguchi", "manifest")),
    ],
)
async def test_nothing_to_import(world: World, asked: Any, place: tuple[str, ...]) -> None:
    """An import without a manifest imports nobody."""
    world.sandbox.store.insert("import", {"id": 1})
    with pytest.raises(InputError) as refused:
        await prepare(world, asked)

    assert refused.value.path == place
