"""What is remembered, for how long, for whom, and who waits for whom."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest

from adapters.memory import LONG_S, SHORT_S, Memory, Question, Recalled, Worth

LISTS = Question("shop#1", "*|read", "list", "lists?page=1")
PEOPLE = replace(LISTS, kind="subscriber", asked="people")


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Vendor:
    """Counts its reads; each answers when it is let go, with its number unless told otherwise."""

    reads: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    answer: str | None = None

    async def read(self) -> str:
        self.reads += 1
        number = self.reads
        await self.gate.wait()
        return self.answer or f"answer {number}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(clock: Clock) -> Memory:
    return Memory(clock=clock)


@pytest.fixture
async def vendor() -> Vendor:
    vendor = Vendor()
    vendor.gate.set()
    return vendor


def judge(value: str) -> Worth:
    return {"nothing": Worth.NOTHING, "down": Worth.SHARE, "late": Worth.OWN}.get(value, Worth.KEEP)


async def ask(
    memory: Memory, question: Question, read: Callable[[], Awaitable[str]], max_age_s: float | None = None
) -> Recalled[str]:
    return await memory.recall(question, read, judge=judge, weigh=len, max_age_s=max_age_s)


async def test_an_answer_is_remembered_and_says_its_age(memory: Memory, clock: Clock, vendor: Vendor) -> None:
    """Broken, every operation would read the same lists anew, or show old values as fresh."""
    await ask(memory, LISTS, vendor.read)
    clock.now += 40

    again = await ask(memory, LISTS, vendor.read)

    assert again == Recalled("answer 1", age_s=40)
    assert vendor.reads == 1


@pytest.mark.parametrize(("question", "lifetime_s"), [(LISTS, LONG_S), (PEOPLE, SHORT_S)], ids=["lists", "people"])
async def test_an_answer_dies(
    memory: Memory, clock: Clock, vendor: Vendor, question: Question, lifetime_s: float
) -> None:
    """Broken, what has changed at the vendor would never be seen."""
    await ask(memory, question, vendor.read)
    clock.now += lifetime_s - 0.1
    assert (await ask(memory, question, vendor.read)).age_s is not None
    clock.now += 0.2

    assert await ask(memory, question, vendor.read) == Recalled("answer 2")


async def test_a_kind_without_a_lifetime_is_never_remembered_nor_shared(memory: Memory, vendor: Vendor) -> None:
    """Broken, a token or a write could be taken for another caller's."""
    token = replace(LISTS, kind="token")

    await asyncio.gather(ask(memory, token, vendor.read), ask(memory, token, vendor.read))

    assert vendor.reads == 2


@pytest.mark.parametrize(
    "other",
    [replace(LISTS, place="shop#2"), replace(LISTS, reader="*|pii,read"), replace(LISTS, asked="lists?page=2")],
    ids=["another credential", "another scope", "another question"],
)
async def test_nobody_sees_what_is_anothers(memory: Memory, vendor: Vendor, other: Question) -> None:
    """Broken, a caller would be given what only another may see."""
    await ask(memory, LISTS, vendor.read)

    assert await ask(memory, other, vendor.read) == Recalled("answer 2")


async def test_failures_are_not_remembered(memory: Memory, vendor: Vendor) -> None:
    """Broken, a vendor that is well again would still seem down."""
    vendor.answer = "down"
    await ask(memory, LISTS, vendor.read)
    vendor.answer = None

    assert await ask(memory, LISTS, vendor.read) == Recalled("answer 2")


async def test_nothing_is_believed_for_moments_only(memory: Memory, clock: Clock, vendor: Vendor) -> None:
    """Broken, a record that was just made would stay unseen for minutes."""
    vendor.answer = "nothing"
    await ask(memory, LISTS, vendor.read)
    assert (await ask(memory, LISTS, vendor.read)).age_s == 0
    clock.now += 2.1

    await ask(memory, LISTS, vendor.read)

    assert vendor.reads == 2


async def test_the_most_an_answer_may_be_old_is_the_askers_word(memory: Memory, clock: Clock, vendor: Vendor) -> None:
    """Broken, a caller who must see the present would be shown the past."""
    await ask(memory, LISTS, vendor.read)
    clock.now += 30

    assert (await ask(memory, LISTS, vendor.read, max_age_s=31)).age_s == 30
    assert (await ask(memory, LISTS, vendor.read, max_age_s=29)).value == "answer 2"
    assert (await ask(memory, LISTS, vendor.read, max_age_s=0)).value == "answer 3"
    assert (await ask(memory, LISTS, vendor.read)).value == "answer 3"


async def test_who_asks_at_the_same_time_waits_for_one_read(memory: Memory) -> None:
    """Broken, 200 callers would make 200 vendor calls when an answer dies."""
    vendor = Vendor()
    asking = [asyncio.create_task(ask(memory, PEOPLE, vendor.read)) for _ in range(200)]
    await asyncio.sleep(0)
    vendor.gate.set()

    answers = await asyncio.gather(*asking)

    assert vendor.reads == 1
    assert {each.value for each in answers} == {"answer 1"}
    assert [each.shared for each in answers].count(False) == 1


async def test_followers_survive_a_leader_who_leaves(memory: Memory) -> None:
    """Broken, a browser that is closed would break other people's answers."""
    vendor = Vendor()
    leader = asyncio.create_task(ask(memory, PEOPLE, vendor.read))
    await asyncio.sleep(0)
    follower = asyncio.create_task(ask(memory, PEOPLE, vendor.read))
    await asyncio.sleep(0)

    leader.cancel()
    await asyncio.sleep(0)
    vendor.gate.set()

    assert (await follower).value == "answer 1"
    assert leader.cancelled()
    assert vendor.reads == 1


async def test_a_read_that_nobody_waits_for_ends(memory: Memory) -> None:
    """Broken, callers who leave would keep a slow vendor busy."""
    vendor = Vendor()
    askers = [asyncio.create_task(ask(memory, PEOPLE, vendor.read)) for _ in range(2)]
    await asyncio.sleep(0)
    for asker in askers:
        asker.cancel()
    await asyncio.gather(*askers, return_exceptions=True)
    vendor.gate.set()

    assert (await ask(memory, PEOPLE, vendor.read)).value == "answer 2"


async def test_a_follower_with_more_time_reads_for_itself(memory: Memory) -> None:
    """Broken, one caller's short deadline would fail everybody."""
    vendor, own = Vendor(answer="late"), Vendor(answer="in time")
    own.gate.set()
    leader = asyncio.create_task(ask(memory, PEOPLE, vendor.read))
    await asyncio.sleep(0)
    follower = asyncio.create_task(ask(memory, PEOPLE, own.read))
    await asyncio.sleep(0)
    vendor.gate.set()

    assert (await leader).value == "late"
    assert (await follower).value == "in time"


@pytest.mark.parametrize("max_age_s", [None, 0], ids=["any age", "the present only"])
async def test_an_answer_from_before_a_write_is_not_remembered_after_it(
    memory: Memory, max_age_s: float | None
) -> None:
    """Broken, a read in flight would put back what a write has just changed."""
    vendor = Vendor()
    early = asyncio.create_task(ask(memory, LISTS, vendor.read, max_age_s))
    await asyncio.sleep(0)
    memory.forget(LISTS.place, LISTS.kind)
    vendor.gate.set()
    await early

    assert await ask(memory, LISTS, vendor.read) == Recalled("answer 2")


async def test_a_write_forgets_its_own_kind_at_its_own_source_only(memory: Memory, vendor: Vendor) -> None:
    """Broken, a write would be unseen, or would empty the whole memory."""
    elsewhere = replace(LISTS, place="shop#2")
    for question in (LISTS, PEOPLE, elsewhere):
        await ask(memory, question, vendor.read)

    memory.forget(LISTS.place, LISTS.kind)

    assert (await ask(memory, LISTS, vendor.read)).age_s is None
    assert (await ask(memory, PEOPLE, vendor.read)).age_s is not None
    assert (await ask(memory, elsewhere, vendor.read)).age_s is not None


async def test_what_is_remembered_has_a_bound(clock: Clock, vendor: Vendor) -> None:
    """Broken, a caller could fill the machine's memory."""
    memory = Memory(max_bytes=100, clock=clock)
    vendor.answer = "x" * 40
    for number in range(5):
        await ask(memory, replace(LISTS, asked=number), vendor.read)
    vendor.answer = "y" * 101

    await ask(memory, replace(LISTS, asked="too large"), vendor.read)

    kept = [(await ask(memory, replace(LISTS, asked=number), vendor.read)).age_s for number in (4, 3, "too large")]
    assert kept[0] is not None
    assert kept[2] is None
