"""The runner of writes: what is known of a write whose steps were sent, sent again, refused or lost."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from adapters.calls import CallScope
from adapters.contract import ItemResult, Journal, Outcome, WriteResult
from adapters.errors import NotFoundError, VendorConflictError, VendorRejectedError
from adapters.recipes import Recipe, Step, StepResult, run_recipe
from adapters.transport.auth import QueryAuth
from adapters.transport.client import Reply, VendorClient, VendorRequest
from adapters.transport.limits import ClientLimits

Answer = httpx.Response | Exception


@dataclass
class ScriptedVendor(httpx.AsyncBaseTransport):
    """Answers one request after the other as its script says; the last answer stays."""

    script: list[Answer]
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


class Silent(Journal):
    """Keeps nothing."""

    async def note_known_by(self, known_by: Mapping[str, str]) -> None: ...

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None: ...

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[Any] = ()) -> None: ...


async def run(recipe: Recipe, *script: Answer) -> WriteResult:
    """Run a recipe against a vendor that answers by a script."""
    client = VendorClient(
        source="shop",
        vendor="any",
        base_url="https://vendor.example",
        transport=ScriptedVendor(list(script)),
        authorize=QueryAuth("key", SecretStr("s")),
        limits=ClientLimits(backoff_s=0.001),
    )
    scope = CallScope(operation_id="o", tenant="t", deadline_at=asyncio.get_running_loop().time() + 5)
    return await run_recipe(client, recipe, scope, Silent())


def read(reply: Reply) -> StepResult:
    """Read a reply as a vendor's code does: by its status."""
    told: Any = {"source": "shop", "vendor": "any", "operation": "write"}
    if reply.status == 404:
        raise NotFoundError("Nothing there.")
    if reply.status == 409:
        raise VendorConflictError("Moved.", **told)
    if reply.status == 400:
        raise VendorRejectedError("No.", **told)
    return StepResult()


def step(name: str = "write", *, safe: bool = True, **more: Any) -> Step:
    """One step that may be sent again."""
    request = VendorRequest(name, "thing/1", method="PUT", body=b"{}", safe=safe)
    return Step(**{"name": name, "build": lambda _found: request, "read": read, "repeatable": safe, **more})


LOST = httpx.ReadError("broken off")
REFUSED = httpx.ConnectError("refused")
BUSY = httpx.Response(429)
OK = httpx.Response(200, content=b"{}")


@pytest.mark.parametrize(
    "last",
    [BUSY, REFUSED, httpx.Response(503, headers={"Retry-After": "99"})],
    ids=["throttled", "no connection", "later"],
)
@pytest.mark.parametrize("first", [LOST, httpx.ReadTimeout("late"), httpx.Response(502)], ids=["reset", "late", "502"])
async def test_a_lost_answer_stays_lost_whatever_the_next_attempt_brings(first: Answer, last: Answer) -> None:
    """The first sending may have been done; called NOT_SENT, it would be done a second time by whoever believes it."""
    result = await run(Recipe(steps=(step(),), check="Look."), first, last)

    assert (result.outcome, result.check) == (Outcome.UNKNOWN, "Look.")


@pytest.mark.parametrize("status", [400, 404, 409])
async def test_a_refusal_of_a_repetition_is_no_refusal_of_the_write(status: int) -> None:
    """What was deleted by the first sending is not there for the second: that is no refusal."""
    result = await run(Recipe(steps=(step(),), check="Look."), LOST, httpx.Response(status))

    assert (result.outcome, result.check) == (Outcome.UNKNOWN, "Look.")


@pytest.mark.parametrize(("last", "outcome"), [(BUSY, Outcome.NOT_SENT), (httpx.Response(400), Outcome.REJECTED)])
async def test_what_was_never_processed_is_known(last: Answer, outcome: Outcome) -> None:
    """A known fate would be left in doubt because a connection was refused first."""
    assert (await run(Recipe(steps=(step(),)), REFUSED, last)).outcome is outcome


async def test_a_repetition_that_is_done_is_done() -> None:
    """The same sent twice leaves what sending it once does."""
    assert (await run(Recipe(steps=(step(),)), LOST, OK)).outcome is Outcome.APPLIED


def chunk(name: str, place: int, **more: Any) -> Step:
    """One step of a bulk write, which carries one item; a success says so of it."""

    def read_item(reply: Reply) -> StepResult:
        done = read(reply)
        return StepResult(outcome=done.outcome, items=(ItemResult(place=place, outcome=done.outcome),))

    return step(name, **{"safe": False, "read": read_item, "places": (place,), **more})


@pytest.mark.parametrize("script", [(LOST, OK), (OK, LOST)], ids=["the first lost", "the last lost"])
async def test_a_bulk_write_is_open_while_an_item_of_it_is(script: Sequence[Answer]) -> None:
    """The last step's word would stand for the whole, and nobody would ever look what became of the others."""
    steps = (chunk("one", 0), chunk("two", 1))

    result = await run(Recipe(steps=steps, independent=True, check="Look."), *script)

    assert (result.outcome, result.check) == (Outcome.UNKNOWN, "Look.")
    assert {item.outcome for item in result.items} == {Outcome.UNKNOWN, Outcome.APPLIED}
    assert result.error is not None


async def test_a_bulk_write_whose_items_ended_apart_has_no_word_for_all() -> None:
    """One item that was done would make the write done, or one that was refused refuse it."""
    steps = (chunk("one", 0), chunk("two", 1))

    result = await run(Recipe(steps=steps, independent=True), OK, httpx.Response(400))

    assert [item.outcome for item in result.items] == [Outcome.APPLIED, Outcome.REJECTED]
    assert result.outcome is Outcome.MIXED
    assert isinstance(result.error, VendorRejectedError)


async def test_an_item_is_as_the_last_step_that_carried_it_left_it() -> None:
    """An item whose first of two steps went well would be told twice, or by the wrong one."""
    first = step("select", safe=False, changes=False, places=(0,))

    result = await run(Recipe(steps=(first, chunk("delete", 0)), independent=True, check="Look."), OK, LOST)

    assert (result.outcome, [item.outcome for item in result.items]) == (Outcome.UNKNOWN, [Outcome.UNKNOWN])


async def test_what_a_step_warned_of_is_told_where_a_later_one_fails() -> None:
    """A failure would hide what is to be known all the same, and which record was made before it."""

    def warn(_reply: Reply) -> StepResult:
        return StepResult(warnings=("Mind.",), id="7")

    steps = (step("make", safe=False, read=warn), step("process", safe=False))

    result = await run(Recipe(steps=steps, check="Look."), OK, LOST)

    assert (result.outcome, result.warnings, result.id) == (Outcome.UNKNOWN, ("Mind.",), "7")
