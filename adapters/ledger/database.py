"""
The ledger's database: a SQLite file, or PostgreSQL by its URL.

SQLite works in a thread of its own behind one connection, whose transactions take the write lock when they begin; so
none of them ever fails half-way for another. It is opened in WAL mode and syncs fully: what is committed survives a
loss of power.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Executable, RowMapping, event, func, inspect, literal, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.types import Interval

from adapters.errors import SettingsError
from adapters.ledger.models import REVISION, UtcTime

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
DRIVERS: Final = {SQLITE: "sqlite+aiosqlite", POSTGRESQL: "postgresql+psycopg", "postgres": "postgresql+psycopg"}
MIGRATIONS: Final = Path(__file__).parent / "migrations"

ROWS_AT_ONCE: Final = 500
"""How many rows are written in one go: that takes the event loop some ten milliseconds."""

_BUSY_MS: Final = 20_000
_LOCKED: Final = "database is locked"
_AGAIN_S: Final = 0.05
_POOL_WAIT_S: Final = 20.0
_CONNECTIONS: Final = 5
_CONNECT_S: Final = 10
_MIGRATION_LOCK: Final = 7_236_405_118
"""Of several processes that open one PostgreSQL ledger at once, one migrates and the others wait."""

_CHATTY: Final = ("aiosqlite", "sqlalchemy.engine", "sqlalchemy.engine.Engine", "psycopg")
"""Loggers that write down, at some level, what is written to the ledger or read from it."""

Clock = Callable[[], datetime]


def read_url(given: str) -> URL:
    """Return a ledger's URL with the driver we use; raises `SettingsError`, which never repeats it."""
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in DRIVERS:
        raise SettingsError(
            "The ledger's URL cannot be used. Write sqlite:///path/of/a/file.db or postgresql://user:password@host/name."
        )
    return url.set(drivername=DRIVERS[url.get_backend_name()])


def build_engine(url: URL) -> AsyncEngine:
    """Build the pool of connections to a ledger; nothing is opened yet, and nothing that is kept is ever logged."""
    silence_loggers()
    if url.get_backend_name() == POSTGRESQL:
        return create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            pool_timeout=_POOL_WAIT_S,
            connect_args={"connect_timeout": _CONNECT_S},
        )
    engine = create_async_engine(
        url,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_POOL_WAIT_S,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def silence_loggers() -> None:
    """Let the drivers' loggers write nothing, whatever level or handler is set: people's data stands in their lines."""
    for name in _CHATTY:
        logging.getLogger(name).addFilter(_reject)  # a filter that is there is not added twice


def _reject(_record: logging.LogRecord) -> bool:
    return False


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    cursor = connection.cursor()
    pragmas = (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def migrate(engine: AsyncEngine) -> None:
    """
    Bring the tables up to date.

    Raises:
        SettingsError: the database cannot be opened, or a newer version of ours has written it.
    """
    try:
        await asyncio.to_thread(_make_private, engine.url)
        await _open_tables(engine)
    except (SQLAlchemyError, OSError) as error:
        reason = type(getattr(error, "orig", None) or error).__name__
        raise SettingsError(
            f"The ledger cannot be opened ({reason}). Correct MARKETING_GRAPH_LEDGER_URL, and let us write there."
        ) from None


async def _open_tables(engine: AsyncEngine) -> None:
    """Bring the tables up to date, one process after the other."""
    give_up_at = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            async with engine.begin() as connection:
                if engine.dialect.name == POSTGRESQL:
                    await connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
                await connection.run_sync(_upgrade)
        except OperationalError as error:
            # of several that open a new file, SQLite keeps none waiting that would switch its journal
            if _LOCKED not in str(error.orig) or time.monotonic() > give_up_at:
                raise
            await asyncio.sleep(_AGAIN_S)
        else:
            return


def _make_private(url: URL) -> None:
    """Let only its owner read a new SQLite file: it holds what people's records are changed to."""
    if url.get_backend_name() == SQLITE and url.database:
        Path(url.database).touch(mode=0o600)


def _upgrade(connection: Connection) -> None:
    """Run the steps that are missing; Alembic is imported only where some are."""
    if read_revision(connection) == REVISION:
        return
    from alembic import command  # noqa: PLC0415 - as said above
    from alembic.config import Config  # noqa: PLC0415 - likewise
    from alembic.util import CommandError  # noqa: PLC0415 - likewise

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise SettingsError(
            "The ledger was written by a newer version of Marketing Graph. Use that one, or another ledger."
        ) from None


def read_revision(connection: Connection) -> str | None:
    """Return how far a database's tables have come."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@dataclass(frozen=True, slots=True)
class Transaction:
    """
    One transaction: its connection, who we are, and how long a lease lasts.

    Times are the database's own, so that processes with different clocks agree on them; SQLite's is this machine's.
    """

    connection: AsyncConnection
    owner: str
    lease_s: float
    clock: Clock | None

    @property
    def now(self) -> Any:
        """The time, as a value or as an expression of the database's."""
        return self.after(0.0)

    def after(self, seconds: float) -> Any:
        """Return the time some seconds from now, or before now."""
        if self.clock is None and self.connection.dialect.name == POSTGRESQL:
            return func.clock_timestamp(type_=UtcTime()) + literal(timedelta(seconds=seconds), Interval())
        return literal((self.clock or _read_clock)() + timedelta(seconds=seconds), UtcTime())

    def insert(self, table: Any) -> Any:
        """Build an insertion that can say what to do about a row that is there."""
        return (postgresql if self.connection.dialect.name == POSTGRESQL else sqlite).insert(table)

    async def one(self, statement: Executable) -> RowMapping | None:
        """Return the only row of a statement, or None."""
        return (await self.connection.execute(statement)).mappings().one_or_none()

    async def all(self, statement: Executable) -> list[RowMapping]:
        """Return all rows of a statement."""
        return list((await self.connection.execute(statement)).mappings())

    async def change(self, statement: Executable, rows: list[dict[str, Any]] | None = None) -> int:
        """
        Execute a statement, once or for each of several rows, and return how many rows it changed.

        Rows are written some at a time: turning them into parameters is done in one go, and others are served between.
        """
        if rows is None:
            return (await self.connection.execute(statement)).rowcount
        parts = [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]
        return sum([(await self.connection.execute(statement, part)).rowcount for part in parts])


def _read_clock() -> datetime:
    return datetime.now(UTC)


async def close(engine: AsyncEngine) -> None:
    """Close every connection."""
    await asyncio.shield(engine.dispose())
