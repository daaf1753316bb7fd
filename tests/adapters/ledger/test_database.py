"""Opening ledgers: their files, their tables, their URLs, and what goes wrong."""

import asyncio
import logging
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.errors import LedgerError, SettingsError
from adapters.ledger.database import MIGRATIONS, read_url
from adapters.ledger.models import METADATA, REVISION
from adapters.ledger.store import Store, open_ledger
from tests.adapters.ledger.conftest import Open, build_new

SECRET = "hunter2"


async def look(url: str, find: Any) -> Any:
    """Look into a database from outside."""
    engine = create_async_engine(read_url(url))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(find)
    finally:
        await engine.dispose()


async def test_the_migrations_make_the_tables_that_are_used(store: Store, url: str) -> None:
    """Broken, a ledger that was migrated would not be the one that is tested."""

    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    assert await look(url, compare) == []


def test_the_newest_migration_is_the_one_that_is_looked_for() -> None:
    """Broken, a start would migrate every time, or never."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


async def test_a_ledger_from_before_keeps_its_keys(open_store: Open, url: str) -> None:
    """Broken, a retry that outlasts the roll-out of a new version would write twice, or an old password stay."""
    store = await open_store()
    old = [(await store.begin(build_new(key, tenant="a"))).entry for key in ("k", "other", "k after")]
    values = {"manifest": {"sources": [{"href": f"ftp://me:{SECRET}@host/a"}]}}
    loaded = await store.begin(build_new("i", mutation="createImport", command={"kind": "x", "values": values}))
    await store.aclose()

    def go_back(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        connection.execute(text("UPDATE writes SET key = 'k', tenant = 'b' WHERE key = 'k after'"))
        command.downgrade(config, "0001")

    await look(url, go_back)
    store = await open_store()

    again = [await store.begin(build_new(key)) for key in ("k", "other")]
    assert [(each.new, each.entry.id) for each in again] == [(False, old[2].id), (False, old[1].id)]
    assert await store.fetch(old[0].id) is not None
    assert (await store.fetch(loaded.entry.id)).command["values"] == {
        "manifest": {"sources": [{"href": "ftp://REDACTED@host/a"}]}
    }


async def test_many_open_one_ledger_at_once(open_store: Open) -> None:
    """Broken, replicas that start together would fail over each other's migrations."""
    stores = await asyncio.gather(*(open_store() for _ in range(4)))

    begun = await asyncio.gather(*(store.begin(build_new()) for store in stores))

    assert sum(each.new for each in begun) == 1


async def test_a_newer_ledger_is_refused(store: Store, url: str) -> None:
    """Broken, an older version would write into tables it does not know."""
    await store.aclose()
    await look(url, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))

    with pytest.raises(SettingsError, match="newer version"):
        await open_ledger(url)


@pytest.mark.parametrize("given", ["", "ledger.db", "mysql://a:hunter2@b/c", "postgresql://:hunter2", "://hunter2"])
async def test_a_url_that_cannot_be_used_is_refused_and_not_repeated(given: str) -> None:
    """Broken, a slip in the settings would show a password or start without a ledger."""
    with pytest.raises(SettingsError) as refused:
        await open_ledger(given)

    assert SECRET not in refused.value.message


async def test_a_database_that_is_not_there_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """Broken, the operator would not be told what to do, or would be told a password."""
    for given in (f"postgresql://me:{SECRET}@127.0.0.1:9/none", f"sqlite:///{tmp_path}/no/such/{SECRET}/ledger.db"):
        with pytest.raises(SettingsError) as refused:
            await open_ledger(given)

        assert "cannot be opened" in refused.value.message
        assert SECRET not in refused.value.message


async def test_a_file_is_its_owners_alone_and_survives_a_loss_of_power(tmp_path: Path) -> None:
    """Broken, other users of the machine would read what was written of people, or a write be lost from sight."""
    path = tmp_path / "ledger.db"
    store = await open_ledger(f"sqlite:///{path}")
    try:
        async with store._engine.connect() as connection:
            found = {
                name: (await connection.execute(text(f"PRAGMA {name}"))).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
    finally:
        await store.aclose()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_event_loop_is_never_held_up(tmp_path: Path) -> None:
    """Broken, every reader would wait while a bulk write is entered."""
    store = await open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    longest, last = 0.0, time.monotonic()

    async def tick() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()

    ticking = asyncio.ensure_future(tick())
    await asyncio.to_thread(_hold_lock, tmp_path / "ledger.db", begin := asyncio.Event(), asyncio.get_running_loop())
    await begin.wait()
    await store.begin(build_new())
    ticking.cancel()
    await store.aclose()

    assert longest < 0.5


def _hold_lock(path: Path, begun: asyncio.Event, loop: asyncio.AbstractEventLoop) -> None:
    """Hold the file's lock from another thread for a second."""
    import sqlite3
    import threading

    held = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    held.execute("BEGIN IMMEDIATE")
    loop.call_soon_threadsafe(begun.set)

    def release() -> None:
        time.sleep(1.0)
        held.execute("COMMIT")
        held.close()

    threading.Thread(target=release).start()


async def test_a_ledger_in_memory_is_its_own(tmp_path: Path) -> None:
    """Broken, two embedded sandboxes would share their writes."""
    one, two = await open_ledger("sqlite://"), await open_ledger("sqlite://")
    try:
        assert (await one.begin(build_new())).new
        assert (await two.begin(build_new())).new
        assert not (await one.begin(build_new())).new
    finally:
        await one.aclose()
        await two.aclose()


async def test_a_ledger_that_fails_says_so_and_nothing_else(store: Store, url: str) -> None:
    """Broken, a driver's words, which may hold what was to be written, would reach a caller."""
    await look(url, lambda connection: connection.execute(text("DROP TABLE write_people")))

    with pytest.raises(LedgerError) as failed:
        await store.begin(build_new(people=frozenset({SECRET})))

    assert SECRET not in str(failed.value)
    assert await store.fetch_by_key("ann", "updateSubscriber", "k") is None


async def test_what_was_begun_is_done_when_nobody_waits(store: Store) -> None:
    """Broken, a caller that goes away would leave a row half entered, or take the connection along."""
    for number in range(20):
        asked = asyncio.ensure_future(store.begin(build_new(str(number))))
        await asyncio.sleep(0.001 * (number % 5))
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    await asyncio.sleep(0.2)

    again = [await store.begin(build_new(str(number))) for number in range(20)]

    assert sum(not each.new for each in again) >= 16  # those whose task had started; the others left no trace


async def test_nothing_that_is_kept_is_logged(open_store: Open, caplog: pytest.LogCaptureFixture) -> None:
    """Broken, people's data would stand in the logs of everybody who looks for a fault."""
    for name in (None, "sqlalchemy", "sqlalchemy.engine", "aiosqlite", "psycopg"):
        caplog.set_level(logging.DEBUG, name)
    store = await open_store()
    items = [{"email": SECRET}]
    id_ = (await store.begin(build_new(key=SECRET, command={"email": SECRET}, items=items))).entry.id
    await store.note_done(id_, "x", {"mail": SECRET})
    await store.finish(id_, "REJECTED", {"errors": [{"message": SECRET}]})
    found = await store.fetch(id_)

    assert SECRET in str(found)
    assert SECRET not in caplog.text


async def test_a_databases_words_reach_no_log(postgres_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Broken, PostgreSQL's refusal of a row, which shows the row, would stand in a traceback."""
    store = await open_ledger(postgres_url)
    await look(
        postgres_url, lambda connection: connection.execute(text("ALTER TABLE writes ADD CHECK (mutation <> 'never')"))
    )
    try:
        await store.begin(build_new(mutation="never", command={"email": SECRET}))
    except LedgerError:
        logging.getLogger("test").exception("It failed.")
    await store.aclose()

    assert "It failed." in caplog.text
    assert SECRET not in caplog.text
