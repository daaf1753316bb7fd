"""
Our real server, killed at random moments while it writes, over a vendor that goes on living.

The vendor is a sandbox behind a real socket in the test's own process; its store and its log of calls are the witness.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from tests.graph.real_vendor import BY_TOKEN, ENVIRONMENT, RealVendor

START_LIMIT_S: Final = 60.0
ANSWER_LIMIT_S: Final = 30.0
WORKERS: Final = 4
LEASE_S: Final = 1
MUTATIONS: Final = ("createSubscriber", "upsertSubscriber")

WRITE: Final = """
mutation ($ref: String!, $key: String!) {
  %s(input: {source: "retail", fields: {ref: $ref, email: $ref, firstName: "Kim"}, idempotencyKey: $key}) {
    outcome errors { code reason message } operation { id outcome check idempotencyKey }
  }
}
"""
LOOK: Final = "query ($id: ID!) { writeOperation(id: $id) { outcome check idempotencyKey } }"
LIST: Final = """
query ($after: String) {
  writeOperations(first: 100, after: $after) {
    nodes { idempotencyKey outcome state } pageInfo { hasNextPage endCursor }
  }
}
"""

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """One keyed mutation: it makes one person, whose reference is the key's."""

    number: int

    @property
    def key(self) -> str:
        return f"key-{self.number}"

    @property
    def ref(self) -> str:
        return f"kim{self.number}@killed.example"

    @property
    def mutation(self) -> str:
        return MUTATIONS[self.number % len(MUTATIONS)]


class KilledServer:
    """The real server in a process of its own, over a ledger that outlives it."""

    def __init__(self, folder: Path, vendor: RealVendor | str, environment: Mapping[str, str] | None = None) -> None:
        """Write the settings, over a vendor or the tables of several; nothing is started yet."""
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._port = _find_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MARKETING_GRAPH_")},
            **ENVIRONMENT,
            "MARKETING_GRAPH_LEDGER_LEASE_S": str(LEASE_S),
            **(environment or {}),
        }
        (folder / "sources.toml").write_text(_describe(vendor), encoding="utf-8")

    @property
    def url(self) -> str:
        """The endpoint's address."""
        return f"http://127.0.0.1:{self._port}/graphql"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [sys.executable, "-m", "graph.cli", "serve", "--sources", "sources.toml", "--port", str(self._port)]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        give_up_at = time.monotonic() + START_LIMIT_S
        with httpx.Client(trust_env=False) as client:  # one for all attempts: each reads whom it trusts
            while not self._answers(client):
                if self._process.poll() is not None or time.monotonic() > give_up_at:
                    raise AssertionError(f"The server did not start:\n{self.log}")
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the server, and wait until it is gone."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        """The process of the server that runs now."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What the server has printed."""
        return (self._folder / "server.log").read_text(errors="replace")

    def _answers(self, client: httpx.Client) -> bool:
        try:
            return client.get(self.url.replace("graphql", "health")).is_success
        except httpx.TransportError:
            return False


def _describe(vendor: RealVendor | str) -> str:
    if isinstance(vendor, str):
        return vendor
    return f'[sources.retail]\nvendor = "taguchi_v4"\nbase_url = "{vendor.url}"\norganization_id = 1\n{BY_TOKEN}\n'


def _find_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass
class Campaign:
    """Jobs that are asked for while the server is killed, after `longest_s` at the most, and what was answered."""

    server: KilledServer
    jobs: Sequence[Job]
    seed: int
    longest_s: float = 0.3
    kills: int = 0
    answers: dict[Job, Payload] = field(default_factory=dict)

    async def run(self, *, kill: bool = True) -> None:
        """Ask for every job once, kill and start the server meanwhile, and leave it running."""
        random_ = random.Random(self.seed)  # noqa: S311 - moments, not secrets
        left, up = deque(self.jobs), asyncio.Event()
        await asyncio.to_thread(self.server.start)
        up.set()
        async with self._connect() as client:
            workers = [asyncio.ensure_future(self._work(client, left, up)) for _ in range(WORKERS)]
            while left and kill:
                await asyncio.sleep(random_.uniform(0.01, self.longest_s))
                up.clear()
                await asyncio.to_thread(self.server.stop)
                self.kills += 1
                await asyncio.to_thread(self.server.start)
                up.set()
            await asyncio.gather(*workers)

    async def _work(self, client: httpx.AsyncClient, left: "deque[Job]", up: asyncio.Event) -> None:
        while True:
            await up.wait()
            if not left:
                return
            job = left.popleft()
            answer = await self._ask(client, job)
            if answer is not None:
                self.answers[job] = answer

    async def repeat(self) -> dict[Job, Payload]:
        """Ask for every job again under its key, until each is answered for good."""
        async with self._connect() as client:
            return {job: await self._insist(client, job) for job in self.jobs}

    async def _insist(self, client: httpx.AsyncClient, job: Job) -> Payload:
        """Ask again while the lease of a process that was killed has not run out."""
        give_up_at = time.monotonic() + ANSWER_LIMIT_S
        while (payload := await self._ask(client, job)) is None:
            assert time.monotonic() < give_up_at, f"{job} is never answered:\n{self.server.log}"
            await asyncio.sleep(0.1)
        if payload["outcome"] == "UNKNOWN":
            data = await self._post(client, LOOK, {"id": payload["operation"]["id"]})
            payload = {**payload, **data["writeOperation"]}
        return payload

    async def _ask(self, client: httpx.AsyncClient, job: Job) -> Payload | None:
        """Ask for a job; None where the answer was lost or it is still under way."""
        try:
            data = await self._post(client, WRITE % job.mutation, {"ref": job.ref, "key": job.key})
        except httpx.TransportError:
            return None
        payload: Payload | None = data[job.mutation]
        return payload

    async def ask_once(self, job: Job) -> Payload | None:
        """Ask for a job as a client of its own."""
        async with self._connect() as client:
            return await self._ask(client, job)

    async def list_ledger(self) -> list[Payload]:
        """Read the whole ledger."""
        rows: list[Payload] = []
        after = None
        async with self._connect() as client:
            while True:
                page = (await self._post(client, LIST, {"after": after}))["writeOperations"]
                rows += page["nodes"]
                after = page["pageInfo"]["endCursor"]
                if not page["pageInfo"]["hasNextPage"]:
                    return rows

    async def _post(self, client: httpx.AsyncClient, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        answer = (await client.post(self.server.url, json={"query": query, "variables": variables})).json()
        for error in answer.get("errors", ()):
            told = error["extensions"]
            # an answer that breaks off in the middle of a read is no JSON, and the write has not begun
            assert told["retryable"] or told["code"] == "VENDOR_BAD_RESPONSE", error
        data: dict[str, Any] = answer["data"]
        return data

    def _connect(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(trust_env=False, timeout=ANSWER_LIMIT_S)


def count_writes(vendor: RealVendor) -> dict[str, int]:
    """Count, by reference, how often the vendor was sent a person."""
    counts: dict[str, int] = {}
    for call in vendor.sandbox.calls.entries:
        if call.method != "GET" and call.body:
            for ref in {word for word in call.body.split('"') if word.endswith("@killed.example")}:
                counts[ref] = counts.get(ref, 0) + 1
    return counts


def check_campaign(
    vendor: RealVendor, jobs: Sequence[Job], payloads: Mapping[Job, Payload], ledger: Sequence[Payload]
) -> dict[str, int]:
    """
    Hold what was answered and what the ledger holds against what the vendor saw; returns how many had each outcome.

    No person was sent twice; every key stands in the ledger once; what is told is what is so.
    """
    sent = count_writes(vendor)
    made = {row["ref"] for row in vendor.rows("subscriber")}
    assert max(sent.values(), default=0) <= 1, {ref: count for ref, count in sent.items() if count > 1}
    assert sorted(row["idempotencyKey"] for row in ledger) == sorted(job.key for job in jobs)
    assert {row["state"] for row in ledger} == {"DONE"}
    outcomes: dict[str, int] = {}
    for job in jobs:
        payload = payloads[job]
        outcome = payload["outcome"]
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        match outcome:
            case "APPLIED":
                assert job.ref in made, (job, payload)
            case "NOT_SENT" | "REJECTED":
                assert job.ref not in made, (job, payload)
            case _:
                assert outcome == "UNKNOWN", (job, payload)
                assert payload["check"], (job, payload)
    return outcomes
