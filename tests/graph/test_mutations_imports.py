"""Imports of Taguchi V4 by HTTP: started, told of, and the passwords of their files kept nowhere."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from adapters.sandbox import Fault
from resolvers.writes.looking import LOOK_EVERY_S
from tests.graph.leaks import find_leaks
from tests.graph.v4_account import ITEMS, World, id_of


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An account that may be written to by anybody."""
    monkeypatch.setenv("RETAIL_TOKEN", "sandbox-token")
    made = World(tmp_path)
    yield made
    await made.client.aclose()
    await made.app.state.desks.aclose()


def read_all(folder: Path) -> str:
    """Everything that files hold."""
    return b"".join(file.read_bytes() for file in folder.iterdir()).decode(errors="replace")


async def test_an_import_of_people(world: World) -> None:
    """The file's address may hold a password, which nobody is shown."""
    href = "https://loader:s3cret@files.example.com/a.tsv"
    world.sandbox.store.files[href] = "a@example.org\nb@example.org\n"
    layout = {"type": "DELIMITED", "fieldSeparator": "\\t", "lineSeparator": "\\n"}
    source = {"href": href, "format": layout, "fields": [{"name": "email", "select": "@0"}], "listIds": ["5"]}
    given: dict[str, Any] = {"source": "retail", "recipientsUnchecked": True}
    given |= {"taguchi": {"name": "I", "manifest": {"sources": [source]}}, "consent": {"basis": "asked in the shop"}}

    planned = await world.write("importSubscribers", **given, dryRun=True)
    done = await world.write("importSubscribers", **given)

    told = (await world.ask(ITEMS, id=done["operation"]["id"]))["data"]["writeOperation"]

    assert "s3cret" not in repr((planned, done))
    assert (told["outcome"], told["facts"]["total"], told["facts"]["global_new"]) == ("ACCEPTED", 2, 2)
    assert told["check"].startswith("Ask again until the counts stay as they are")
    assert (done["outcome"], world.written) == ("ACCEPTED", ["import/?_method=POST", "import/1?_method=PROCESS"])
    assert [row["email"] for row in world.sandbox.store.rows("subscriber")][3:] == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "lost"])
async def test_how_far_an_import_has_come_is_told_each_time(world: World, lost: bool) -> None:
    """Broken, an import that goes on at the vendor would be told as it stood when it was started."""
    manifest = '<manifest><source href="https://files.example.com/a.tsv"/></manifest>'
    key = world.sandbox.store.insert("import", {"name": "I", "manifest": manifest})
    if lost:
        world.sandbox.faults.add(Fault("reset", match="_method=PROCESS", applied=True, times=1))
    id_ = id_of("import", int(key))
    done = await world.write("processImport", id=id_, recipientsUnchecked=True, consent={"basis": "asked in the shop"})
    told = []
    for total in (40, 90):
        world.sandbox.store.update("import", key, {"total": total, "status": f"at {total}"})
        told.append((await world.ask(ITEMS, id=done["operation"]["id"]))["data"]["writeOperation"])
        await asyncio.sleep(LOOK_EVERY_S)

    assert done["outcome"] == ("UNKNOWN" if lost else "ACCEPTED")
    assert [(each["outcome"], each["facts"]["total"], each["facts"]["status"]) for each in told] == [
        ("ACCEPTED", 40, "at 40"),
        ("ACCEPTED", 90, "at 90"),
    ]
    assert all(each["facts"]["started"] and "look at the import in Taguchi" in each["check"] for each in told)


@pytest.mark.parametrize("way", ["manifest", "manifestXml"])
async def test_a_password_of_an_import_is_kept_nowhere(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    """Broken, the ledger's file, an answer, a plan or a log would tell the password to a company's files."""
    caplog.set_level(logging.DEBUG)
    href = "ftp://loader:s3cret@files.example.com/a.tsv?token=t0k3n"
    manifest: Any = f'<manifest><source href="{href}"/></manifest>'
    if way == "manifest":
        layout = {"type": "DELIMITED", "fieldSeparator": "\\t", "lineSeparator": "\\n"}
        manifest = {"sources": [{"href": href, "format": layout, "fields": [{"name": "email", "select": "@0"}]}]}
    fields = {"ref": "nightly", "origin": f"from {href}", way: manifest}
    shown = "imported { manifest { sources { href } } taguchi { manifest } }"
    told = []
    for dry in (True, False):
        told.append(await world.write("createImport", shown, source="retail", fields=fields, dryRun=dry))
        changed = {"id": id_of("import", 1), "fields": fields, "ifUnchanged": {}, "dryRun": dry}
        told += [] if dry else [await world.write("updateImport", shown, **changed)]
        world.sandbox.faults.add(Fault("status", status=400, match="_method=PROCESS", times=1))
        given = {"source": "retail", "recipientsUnchecked": True, "taguchi": {way: manifest}, "dryRun": dry}
        told.append(await world.write("importSubscribers", **given))
        world.sandbox.faults.clear()
    told.append(await world.ask("{ writeOperations { nodes { id mutation errors { message } } } }"))
    kept = await asyncio.to_thread(read_all, tmp_path)

    assert world.sandbox.store.rows("import")[0]["manifest"].count("s3cret") == 1
    assert {each["outcome"] for each in told[:-1]} == {"PLANNED", "APPLIED", "REJECTED"}
    for secret in ("s3cret", "t0k3n"):
        assert not find_leaks([repr(told), kept, caplog.text], [secret])


@pytest.mark.parametrize("way", ["manifest", "manifestXml"])
async def test_an_import_with_a_password_is_found_out_about_all_the_same(world: World, way: str) -> None:
    """Broken, what is kept without its password would never be found to be what stands at the vendor."""
    href = "ftp://loader:s'3\"cret@files.example.com/a.tsv"
    manifest: Any = f"<manifest><source href={quoteattr(href)}/></manifest>"
    if way == "manifest":
        layout = {"type": "DELIMITED", "fieldSeparator": "\\t", "lineSeparator": "\\n"}
        manifest = {"sources": [{"href": href, "format": layout, "fields": [{"name": "email", "select": "@0"}]}]}
    world.sandbox.faults.add(Fault("status", status=502, match="_method=POST", applied=True, times=1))

    lost = await world.write("createImport", source="retail", fields={"ref": "nightly", way: manifest})
    found = await world.ask(ITEMS, id=lost["operation"]["id"])

    assert (lost["outcome"], found["data"]["writeOperation"]["outcome"]) == ("UNKNOWN", "APPLIED")
