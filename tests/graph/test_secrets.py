"""
The credentials of a source appear nowhere: not in a log line at DEBUG, an answer, a plan, an exception or a process's
output, whatever the vendor does.
"""

import asyncio
import html
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from adapters.calls import CallScope
from adapters.contract import SliceQuery, Source
from adapters.errors import FacadeError
from adapters.filters.tree import Comparison, Op
from adapters.records import Entity
from adapters.sandbox import Fault
from tests.graph.fault_table import DEADLINE_S, QUERY, TROUBLES, ask_all, mark_of, open_troubled, source_of
from tests.graph.leaks import describe_error, find_leaks, forms_of, listening, print_all
from tests.graph.real_vendor import (
    BY_PASSWORD,
    BY_TOKEN,
    ENVIRONMENT,
    PASSWORD,
    TOKEN,
    USER,
    RealVendor,
    describe_source,
    open_graph,
    serving,
    serving_vendor,
)

SECRETS = (TOKEN, PASSWORD, f"{USER}|{PASSWORD}")
KINDS = pytest.mark.parametrize("auth", [BY_TOKEN, BY_PASSWORD], ids=["token", "user and password"])


@pytest.fixture(scope="module")
def vendor() -> Iterator[RealVendor]:
    """The vendor behind its own server, for all tests here."""
    with serving_vendor() as served:
        yield served


@pytest.mark.parametrize("secret", SECRETS, ids=["token", "password", "user and password"])
def test_the_search_finds_every_form(secret: str) -> None:
    """A search that overlooks a form would pass whatever leaks."""
    assert len(set(forms_of(secret).values())) >= 12
    for form in forms_of(secret).values():
        assert find_leaks([f"before {form} after"], [secret])
    assert find_leaks(["nothing here", *TROUBLES], [secret]) == []


@pytest.mark.parametrize("shift", range(3))
def test_the_search_finds_base64_at_any_alignment(shift: int) -> None:
    """An `Authorization: Basic` header, or a dumped body, starts wherever it likes."""
    import base64

    raw = b"x" * shift + TOKEN.encode() + b"tail"

    assert find_leaks([base64.b64encode(raw).decode()], [TOKEN])
    assert find_leaks([base64.urlsafe_b64encode(raw).decode()], [TOKEN])


def test_the_search_hears_every_logger() -> None:
    """A logger that is cut off from the root still has ears in production: whoever attaches a handler."""
    with listening() as written:
        for name in ("adapters.transport.client", "httpx", "aiohttp.client", "asyncio"):
            logging.getLogger(name).debug("this is %s", TOKEN)

    assert len([line for line in written if TOKEN in line]) >= 3
    assert find_leaks(written, [TOKEN])


@KINDS
async def test_no_fault_brings_the_secret_out(vendor: RealVendor, tmp_path: Path, auth: str) -> None:
    """
    Every fault of the table: its logs, its answer and plan, and the exceptions behind them.

    The exceptions are written as a debugger, an error reporter or a careless `except` would print them.
    """
    with listening() as written:
        async with open_troubled(vendor, tmp_path, auth) as graph:
            sources = [graph.sources[source_of(place)] for place in range(len(TROUBLES))]
            reads = (_read(source, mark_of(place)) for place, source in enumerate(sources))
            answers, errors = await asyncio.gather(ask_all(graph), asyncio.gather(*reads, return_exceptions=True))
    logged = len(written)
    written += [f"{each.response.text} {each.response.headers!r}" for each in answers]
    written += [text for error in errors if error for text in describe_error(error)]
    written += print_all(graph.sources, *sources, *(each.adapter for each in sources), *_parts_of(sources[0].adapter))

    assert any("failed the TLS handshake" in line for line in written[:logged]), "the logs were heard"
    assert all(answered.calls and answered.errors for answered in answers)
    assert all(isinstance(error, FacadeError) for error in errors)
    assert find_leaks(written, SECRETS) == []


async def _read(source: Source, mark: str) -> None:
    """Read a page, and raise what is wrong with it or with one of its records."""
    scope = CallScope("op", "t", asyncio.get_running_loop().time() + DEADLINE_S)
    rows = await source.adapter.fetch_slice(SliceQuery(Entity.LIST, Comparison("id", Op.LT, mark), limit=3), scope)
    for gap in rows.gaps:
        raise gap.error


def _parts_of(thing: object, depth: int = 3) -> list[object]:
    """What hangs on an object, a few steps deep."""
    parts = list(getattr(thing, "__dict__", {}).values())
    return parts + ([part for each in parts for part in _parts_of(each, depth - 1)] if depth else [])


ECHOES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "quoted": partial(quote, safe=""),
    "quoted twice": lambda given: quote(quote(given, safe=""), safe=""),
    "in HTML": html.escape,
    "in JSON": json.dumps,
}
MARKED = """query($source: ID!, $mark: ID!) {
  lists(source: $source, filter: {vendorId: {lt: $mark}}) { nodes { id } }
}"""
REPEATS = [(status, echo) for status in (200, 400, 403, 404, 422, 500) for echo in ECHOES.values()]


async def _repeat(scope: Any, receive: Any, send: Any) -> None:
    """Answer as a vendor that names the request it refuses; the mark in it says with which status and in which form."""
    given = parse_qs(Request(scope).url.query, keep_blank_values=True)
    (secret,), (predicate,) = given["auth"], given["query"]
    status, echo = REPEATS[int(predicate.removeprefix("id-lt-"))]
    told = f"{echo(secret)} and {echo(secret.partition('|')[2] or secret)}"
    page = f"<html><body><h1>No</h1><br/>The request with {told} was refused</body></html>"
    await Response(page, status, {"x-echo": quote(secret)}, "text/html")(scope, receive, send)


@KINDS
async def test_a_vendor_that_repeats_the_secret_is_not_quoted(tmp_path: Path, auth: str) -> None:
    """A refusal that names the request it refuses names the secret too."""
    with serving(_repeat) as url, listening() as written:
        tables = [describe_source(source_of(place), url, auth=auth) for place in range(len(REPEATS))]
        async with open_graph(tmp_path, *tables) as graph:
            answers = await asyncio.gather(
                *(graph.ask(MARKED, source=source_of(place), mark=place) for place in range(len(REPEATS)))
            )
    written += [f"{each.response.text} {each.response.headers!r}" for each in answers]

    assert [each.data for each in answers] == [{"lists": None}] * len(REPEATS)
    assert any("The request with REDACTED and REDACTED was refused" in text for text in written)
    assert find_leaks(written, SECRETS) == []


@KINDS
def test_a_served_process_writes_no_secret(vendor: RealVendor, tmp_path: Path, auth: str) -> None:
    """The whole program as an operator runs it: standard output, standard error and every answer."""
    written = _serve_and_fail(vendor, tmp_path, auth)

    assert sum("VENDOR_" in text for text in written) >= 4
    assert find_leaks(written, SECRETS) == []


def _serve_and_fail(vendor: RealVendor, folder: Path, auth: str) -> list[str]:
    (folder / "sources.toml").write_text(
        describe_source("retail", vendor.url, auth=auth)
        + describe_source("tls", vendor.url.replace("http", "https"), "allow_private = true", auth=auth),
        encoding="utf-8",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARKETING_GRAPH_")}
    environment = {**kept, **ENVIRONMENT, "PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "default"}
    command = [sys.executable, "-m", "graph.cli", "serve", "--sources", "sources.toml", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        announced = [process.stdout.readline(), process.stdout.readline()]
        address = re.search(r"http://\S+", announced[0])
        try:
            assert address is not None, announced
            answers = [_post(address[0], vendor, *case) for case in _CASES]
        finally:
            process.terminate()
        output, complaints = process.communicate(timeout=30)
    return [*announced, *answers, output, complaints]


_CASES: list[tuple[str, list[Fault]]] = [
    ("retail", [Fault("reset")]),
    ("retail", [Fault("status", status=403)]),
    ("retail", [Fault("html")]),
    ("retail", [Fault("truncate")]),
    ("retail", []),
    ("tls", []),
]


def _post(address: str, vendor: RealVendor, source: str, faults: list[Fault]) -> str:
    vendor.behave()
    vendor.misbehave(*faults)
    query = QUERY.replace('"sound"', "$source")
    body = {"query": query, "variables": {"source": source, "mark": "900000"}}
    answer = httpx.post(address, json=body, headers={"X-Explain": "1"}, trust_env=False, timeout=30)
    vendor.behave()
    return answer.text
