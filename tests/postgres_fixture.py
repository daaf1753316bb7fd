"""A PostgreSQL of our own for a session of tests."""

import subprocess
import tempfile
import time
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql

PATIENCE: Final = 5


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """
    Yield a running server; it is ended with the session.

    Its folder is not one of pytest's: as root the server runs as another user, whom every start of pytest shuts out of
    those.
    """
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = start_postgres(Path(folder))
        try:
            yield server
        finally:
            server.cleanup()


def start_postgres(folder: Path) -> Any:
    """
    Start a server in an empty folder.

    The package waits 10 s for it, which a busy machine may need more than once; it must be made to forget its first
    try.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about a machine without a runtime directory
        from pgserver.postgres_server import PostgresServer, get_server

        for _ in range(PATIENCE):
            try:
                return get_server(folder)
            except (subprocess.TimeoutExpired, AssertionError):
                PostgresServer._instances.pop(folder, None)
                time.sleep(3)
        return get_server(folder)


@pytest.fixture
def postgres_url(postgres: Any, request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database of the test's own."""
    name = f"t{zlib.crc32(request.node.nodeid.encode())}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    uri: str = postgres.get_uri()
    return uri.replace("/postgres?", f"/{name}?")
