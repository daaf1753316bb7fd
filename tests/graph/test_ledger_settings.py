"""Where the ledger is, what is done about it while the server runs, and what stops a start."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.errors import SettingsError
from adapters.ledger import NewEntry
from adapters.ledger.store import open_ledger
from graph.cli import main
from graph.server.writing import FILE, IN_MEMORY, Desks, find_ledger
from graph.settings import Settings, load_settings

SECRET = "hunter2"
PATIENCE_S = 20.0


def test_the_ledger_is_beside_the_sources_unless_it_is_named(tmp_path: Path) -> None:
    """Broken, two servers with two files would share a ledger, or one would lose its own by being started elsewhere."""
    url = "postgresql://me:hunter2@host/name"

    assert find_ledger(Settings(sources=tmp_path / "sources.toml")) == f"sqlite:///{tmp_path}/{FILE}"
    assert find_ledger(Settings()) == IN_MEMORY
    assert find_ledger(Settings(ledger_url=SecretStr(url))) == url
    assert SECRET not in repr(Settings(ledger_url=SecretStr(url)))


@pytest.mark.parametrize("name", ["LEDGER_KEEP_H", "LEDGER_LEASE_S"])
def test_keys_are_kept_for_a_day_and_leases_last(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Broken, a setting could make a client's retry a second write."""
    monkeypatch.setenv(f"MARKETING_GRAPH_{name}", "0.5")

    with pytest.raises(SettingsError, match=name):
        load_settings()


@pytest.mark.parametrize("url", [f"mysql://me:{SECRET}@host/name", f"sqlite:////no/such/{SECRET}/ledger.db"])
def test_a_ledger_that_cannot_be_opened_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    """Broken, a server would start that can write nothing, or say why with a password in it."""
    monkeypatch.setenv("MARKETING_GRAPH_LEDGER_URL", url)

    assert main(["serve", "--port", "0"]) == 2

    said = capsys.readouterr().err
    assert "ledger" in said
    assert SECRET not in said


async def test_what_was_left_behind_is_settled_and_what_is_old_deleted_at_the_start(tmp_path: Path) -> None:
    """Broken, a write that a crash cut off would be under way for ever, and the ledger grow for ever."""
    path = tmp_path / FILE
    left = await open_ledger(f"sqlite:///{path}", lease_s=0.01)
    ids = [(await left.begin(_build_new(key))).entry.id for key in ("left", "old")]
    await left.note_sending(ids[0], "x")
    await left.finish(ids[1], "APPLIED", {})
    await left.aclose()
    with closing(sqlite3.connect(path)) as outside:
        outside.execute("UPDATE writes SET updated_at = '2020-01-01 00:00:00.000000' WHERE key = 'old'")
        outside.commit()
    desks = Desks(Settings(sources=tmp_path / "sources.toml", ledger_lease_s=1))

    await desks.start()
    try:
        ledger = (await desks.find()).ledger
        async with asyncio.timeout(PATIENCE_S):
            while (settled := await ledger.fetch(ids[0])).outcome is None or await ledger.fetch(ids[1]):  # noqa: ASYNC110 - another task does it
                await asyncio.sleep(0.05)
    finally:
        await desks.aclose()

    assert settled.outcome == "UNKNOWN"


async def test_a_ledger_in_memory_is_opened_when_it_is_needed() -> None:
    """Broken, everybody who only looks around would wait for a database and give it memory."""
    desks = Desks(Settings())
    await desks.start()
    before = desks._opening

    first, second = await asyncio.gather(desks.find(), desks.find())
    await desks.aclose()
    await desks.aclose()

    assert before is None
    assert first is second


def _build_new(key: str) -> NewEntry:
    return NewEntry(
        tenant="t", principal="p", mutation="m", source="retail", key=key, input_hash="", command={"kind": "m"}
    )
