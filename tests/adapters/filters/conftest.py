"""A real PostgreSQL for the differential tests of patterns, started once and ended with the session."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest


@pytest.fixture(scope="session")
def postgres() -> Iterator[psycopg.Connection]:
    """
    A connection to an empty UTF-8 database.

    Its folder is no pytest folder: those are closed to the user the server runs as when the tests run as root.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pgserver names its run-time folder, which is none of ours
        import pgserver
    folder = Path(tempfile.mkdtemp(prefix="filters-postgres-"))
    server = pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined] # it names no exports
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            yield connection
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
