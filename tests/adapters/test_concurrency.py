"""Awaiting side by side, one alone without a task; working on many beside the loop."""

import asyncio
import threading
from functools import partial

import pytest

from adapters.concurrency import FEW, gather, gather_outcomes, settle, work_aside


async def say(word: str) -> str:
    """Answer after a turn of the loop."""
    await asyncio.sleep(0)
    if word == "no":
        raise ValueError(word)
    return word


@pytest.mark.parametrize("words", [[], ["a"], ["a", "b"]])
async def test_all_answers_come_in_order(words: list[str]) -> None:
    """Answers would be given to the wrong question."""
    assert await gather([say(word) for word in words]) == words
    assert await gather_outcomes([say(word) for word in words]) == words


@pytest.mark.parametrize("words", [["no"], ["no", "b"]])
async def test_an_outcome_may_be_an_exception(words: list[str]) -> None:
    """One failure would end the others."""
    found = await gather_outcomes([say(word) for word in words])

    assert [type(each) for each in found] == [ValueError, str][: len(words)]
    with pytest.raises(ValueError, match="no"):
        await gather([say("no")])


@pytest.mark.parametrize("count", [1, 2])
async def test_being_cancelled_is_nobodys_outcome(count: int) -> None:
    """Whoever gives an operation up would be told that it failed, and it would go on."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(gather_outcomes([asyncio.sleep(30) for _ in range(count)]))
        await asyncio.sleep(0)
        task.cancel()

    assert task.cancelled()


@pytest.mark.parametrize("count", [1, 2])
async def test_what_was_cancelled_beneath_is_no_outcome_either(count: int) -> None:
    """One read alone would end otherwise than the same read beside another."""

    async def give_up() -> str:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await gather_outcomes([give_up(), *(say("a") for _ in range(count - 1))])


async def test_settling_waits_for_the_slowest_and_raises_nothing() -> None:
    """A failed neighbour would be read before it is there."""
    loop = asyncio.get_running_loop()
    futures = [loop.create_future(), loop.create_future()]
    loop.call_soon(futures[0].set_exception, ValueError("no"))
    loop.call_later(0.01, futures[1].set_result, "yes")

    await settle(futures)

    assert (str(futures[0].exception()), futures[1].result()) == ("no", "yes")


async def test_work_on_a_few_things_is_done_at_once_and_on_many_beside() -> None:
    """Broken, work on thousands of things would keep everybody waiting, or a thread be started for one."""
    here = threading.get_ident()

    assert await work_aside(FEW, threading.get_ident) == here
    assert await work_aside(FEW + 1, threading.get_ident) != here


async def test_work_that_is_done_beside_raises_what_it_raises() -> None:
    """Broken, a refusal would be lost in a thread."""
    with pytest.raises(ValueError, match="none"):
        await work_aside(FEW + 1, partial(int, "none"))
