"""
Writes as steps: each a request built from what the steps before it found, and a reading of its reply.

One runner sends them for every vendor. It knows when a request may be sent again, and what is known when its answer
is lost; an adapter says only what to send and how a reply is read.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract.writing import ItemResult, Journal, Outcome, PlannedRequest, WriteResult, judge_all
from adapters.errors import (
    BudgetExceededError,
    FacadeError,
    InputError,
    LedgerError,
    NotFoundError,
    VendorAuthError,
    VendorConflictError,
    VendorError,
    VendorRejectedError,
)
from adapters.records import Record
from adapters.transport.client import VendorClient
from adapters.transport.requests import Reply, VendorRequest

Found = Mapping[str, str]
"""What earlier steps found, by name."""


class Placeholders(dict[str, str]):
    """Stands for what steps have not found yet: each name is its own placeholder, as `{token}`."""

    def __missing__(self, name: str) -> str:
        """Return the placeholder of a name."""
        return f"{{{name}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """
    What a step brought: values for later steps, and the write's result as far as this step tells it.

    `found` may hold tokens that work once; they are shown nowhere. `known_by` may be shown and kept. `error` says why a
    reply that could be read means that the write was not done, where nothing more than that is to be said of it.
    """

    outcome: Outcome = Outcome.APPLIED
    found: Found = field(default_factory=dict)
    id: str | None = None
    record: Record | None = None
    items: tuple[ItemResult, ...] = ()
    known_by: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    error: FacadeError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    One request of a write.

    `build` makes it from what was found so far; a path quotes what it is given. `read` reads its reply, and raises a
    `VendorError` that says what the reply means: a refusal is one that changed nothing. `repeatable` says that sending
    it twice leaves what sending it once does. `changes` is false for a step after which nothing has changed yet, such
    as the first of an import's two: losing its answer loses nothing. `places` are the items it carries. `known_by` are
    words by which the vendor may tell of it later that are known before it is sent. `needs` names what an earlier step
    must have found: without it the step is left out, and its items are as that step left them.
    """

    name: str
    build: Callable[[Found], VendorRequest]
    read: Callable[[Reply], StepResult]
    repeatable: bool = False
    changes: bool = True
    places: tuple[int, ...] = ()
    known_by: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """
    The steps of a write in their order.

    `touches` are the kinds of thing that a read may see changed afterwards. `independent` says that a step's failure
    does not stop the next, as with the chunks of a bulk write, or the lists that somebody leaves. `check` says what to
    look at where an answer was lost.
    """

    steps: tuple[Step, ...]
    touches: frozenset[str] = frozenset()
    independent: bool = False
    check: str | None = None


_REFUSALS: Final = (VendorAuthError, VendorConflictError, VendorRejectedError, NotFoundError)
"""Replies that say the vendor has changed nothing."""


def plan_requests(client: VendorClient, recipe: Recipe) -> tuple[PlannedRequest, ...]:
    """Show a recipe's requests as they would be sent, with placeholders for what is not known yet."""
    return tuple(_plan(client, step) for step in recipe.steps)


def _plan(client: VendorClient, step: Step) -> PlannedRequest:
    request = step.build(Placeholders())
    url, body = client.describe_url(request), read_body(request)
    return PlannedRequest(step.name, request.method, url, body, request.headers, client.host)


def read_body(request: VendorRequest) -> Any:
    """Return a request's body as JSON where it is JSON, as text otherwise, and None where there is none."""
    if not request.body:
        return None
    text = request.body.decode(errors="replace")
    try:
        return json.loads(text)
    except ValueError:
        return text


async def run_recipe(client: VendorClient, recipe: Recipe, scope: CallScope, journal: Journal) -> WriteResult:
    """
    Send a recipe's steps in their order and say what became of the whole; never raises a `VendorError`.

    The whole is REJECTED or NOT_SENT only where nothing has changed at the vendor: when a later step fails after one
    that changed something, it is UNKNOWN for a single write, and told per item for a bulk one.
    """
    found: dict[str, str] = {}
    done: list[StepResult] = []
    for step in recipe.steps:
        if not found.keys() >= set(step.needs):
            continue
        result = await _run_step(client, step, found, scope, journal)
        _forget(client, recipe, scope)
        found |= result.step.found
        done.append(result.step)
        if result.error is not None and not recipe.independent:
            return _end(result, done, recipe)
    return _join(done, recipe)


def _forget(client: VendorClient, recipe: Recipe, scope: CallScope) -> None:
    """Let nobody be told what a step may have changed, whatever became of it."""
    if scope.memory is not None:
        for kind in recipe.touches:
            scope.memory.forget(client.place, kind)


@dataclass(frozen=True, slots=True)
class _Ran:
    """A step that was sent, or was not."""

    step: StepResult
    error: FacadeError | None = None


async def _run_step(client: VendorClient, step: Step, found: Found, scope: CallScope, journal: Journal) -> _Ran:
    request = step.build(found)
    try:
        if step.known_by:
            await journal.note_known_by(step.known_by)
        await journal.note_sending(step.name, step.places if step.changes else ())
    except LedgerError as error:
        return _fail(step, error)
    doubtful = False
    try:
        reply = await client.send(request, scope)
        doubtful = step.changes and reply.call.doubtful
        ran = _Ran(step.read(reply))
    except FacadeError as error:
        ran = _fail(step, error)
    ran = _doubt(ran) if doubtful else ran
    await journal.note_done(step.name, ran.step.known_by, ran.step.items)
    return ran


def _doubt(ran: _Ran) -> _Ran:
    """Believe no refusal of a repetition: a sending before it may have done what this one was refused."""
    items = tuple(replace(item, outcome=_DOUBTED.get(item.outcome, item.outcome)) for item in ran.step.items)
    outcome = _DOUBTED.get(ran.step.outcome, ran.step.outcome)
    return replace(ran, step=replace(ran.step, outcome=outcome, items=items))


_DOUBTED: Final = {Outcome.REJECTED: Outcome.UNKNOWN, Outcome.NOT_SENT: Outcome.UNKNOWN}


def _fail(step: Step, error: FacadeError) -> _Ran:
    outcome = judge_failure(error, changes=step.changes)
    items = tuple(ItemResult(place=place, outcome=outcome, error=error) for place in step.places)
    return _Ran(StepResult(outcome=outcome, items=items, error=error), error)


def judge_failure(error: FacadeError, *, changes: bool = True) -> Outcome:
    """Say what is known of a write whose sending ended with an error."""
    if isinstance(error, _REFUSALS):
        return Outcome.REJECTED
    if isinstance(error, InputError | BudgetExceededError | LedgerError) or not changes:
        return Outcome.NOT_SENT
    if isinstance(error, VendorError) and not error.maybe_processed:
        return Outcome.NOT_SENT
    return Outcome.UNKNOWN


def _end(ran: _Ran, done: Sequence[StepResult], recipe: Recipe) -> WriteResult:
    """Say what became of a write whose last step failed: where an earlier one changed something, nobody knows."""
    joined = _join(done, recipe)
    changed = [step for step in recipe.steps[: len(done) - 1] if step.changes]
    if changed and all(step.places for step in changed):
        return replace(joined, error=ran.error)
    outcome = Outcome.UNKNOWN if changed else ran.step.outcome
    check = recipe.check if outcome is Outcome.UNKNOWN else None
    return replace(joined, outcome=outcome, error=ran.error, record=None, check=check)


def _join(done: Sequence[StepResult], recipe: Recipe) -> WriteResult:
    """Put the results of all steps together: what is true of all items, or else the last word on the whole."""
    last = done[-1] if done else StepResult()
    items = tuple({item.place: item for each in done for item in each.items}.values())
    judged = items or (done if recipe.independent else ())
    outcome = judge_all(each.outcome for each in judged) if judged else last.outcome
    return WriteResult(
        outcome=outcome,
        id=next((each.id for each in reversed(done) if each.id is not None), None),
        record=next((each.record for each in reversed(done) if each.record is not None), None),
        error=last.error or _find_error(judged, outcome),
        items=items,
        known_by={name: value for each in done for name, value in each.known_by.items()},
        facts={name: value for each in done for name, value in each.facts.items()},
        warnings=tuple(warning for each in done for warning in each.warnings),
        check=recipe.check if outcome is Outcome.UNKNOWN else None,
    )


def _find_error(items: Sequence[ItemResult | StepResult], outcome: Outcome) -> FacadeError | None:
    """Find why items, or parts, were not done: one whose end is the word for the whole says it best."""
    failed = [item for item in items if item.error is not None]
    best = next((item for item in failed if item.outcome is outcome), failed[0] if failed else None)
    return best.error if best else None
