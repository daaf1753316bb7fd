"""A write that was lost before its session ended: whatever the renewed session brings, it stays lost."""

import asyncio
from dataclasses import dataclass, field

import pytest

from adapters.errors import VendorAuthError, VendorError
from tests.adapters.transport.fake_vendor import PATIENT, Script, answer, read
from tests.adapters.transport.test_session import REFUSED, Doorman, build_auth


@dataclass
class Moody(Doorman):
    """Answers calls as its script says, as long as that lasts."""

    call_answers: list[Script] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, n: int) -> None:
        if self.call_answers and "/user/login" not in self.heads()[-1].split("\r\n")[0]:
            await self.call_answers.pop(0)(reader, writer, n)
            return
        await super().__call__(reader, writer, n)


@pytest.fixture
async def doorman(vendor, caller):
    """A doorman and a caller that must log in."""
    door = Moody()
    fake = await vendor(door)
    door.heads = lambda: fake.heads
    return door, caller(fake.url, PATIENT, build_auth())


async def _reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _n: int) -> None:
    writer.transport.abort()


@pytest.mark.parametrize("last", [answer(b"", "429 X"), answer(b"{}"), None], ids=["busy", "answered", "no session"])
async def test_what_was_lost_before_a_session_ended_stays_lost(doorman, last):
    """Broken, a write whose first sending was perhaps done would be told as never sent after a renewed session."""
    door, call = doorman
    await call.send()
    door.call_answers = [_reset, REFUSED, *([last] if last else [])]
    door.log_in_answers = [] if last else ["403 Forbidden"]
    asked = read(method="PUT", safe=True)

    try:
        doubtful = (await call.send(asked)).call.doubtful
    except VendorError as error:
        doubtful = error.maybe_processed and not isinstance(error, VendorAuthError)

    assert doubtful
