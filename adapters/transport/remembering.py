"""
Vendor calls whose answers the process may remember, or that are on their way for somebody else.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

from adapters.calls import CallRecord, CallScope
from adapters.errors import BudgetExceededError, FacadeError, VendorTimeoutError
from adapters.memory import PLACE_MARK, Memory, Question, Worth
from adapters.transport import faults
from adapters.transport.auth import Authorizer
from adapters.transport.requests import Reply, VendorRequest
from adapters.transport.session import SessionAuth

HIT: Final = "hit"
SHARED: Final = "shared"
MISS: Final = "miss"

Judge = Callable[[int, bytes], Worth]
"""What an answer is worth, from its status and body: a vendor may refuse with the status of success."""

_NOTHING, _FIRST_REFUSAL, _ABSENT = 204, 400, 404
_ENTRY_BYTES = 1_000
"""What an entry takes beside its body."""


def judge_status(status: int, body: bytes) -> Worth:
    """Judge an answer by its status alone, and by a body that holds nothing."""
    if status in {_NOTHING, _ABSENT} or (status < _FIRST_REFUSAL and body.strip() in {b"", b"[]"}):
        return Worth.NOTHING
    return Worth.SHARE if status >= _FIRST_REFUSAL else Worth.KEEP


def name_place(source: str, base_url: str, authorize: Authorizer | SessionAuth) -> str:
    """Return what tells a source with its credential from every other, without telling the credential."""
    digest = hashlib.blake2b("\0".join((base_url, *authorize.secrets())).encode(), digest_size=16)
    return f"{source}{PLACE_MARK}{digest.hexdigest()}"


async def send_remembering(
    memory: Memory,
    question: Question,
    scope: CallScope,
    *,
    send: Callable[[], Awaitable[Reply]],
    record: Callable[[], CallRecord],
    judge: Judge,
) -> Reply:
    """
    Answer a call from memory, from a read on its way, or by sending it.

    An answer that was not read for this very call is entered in the plan as such, by a line that `record` builds, and
    spends nothing of the request's calls.

    Raises:
        FacadeError: as `send` does, also what another's read on its way raised.
    """
    found = await memory.recall(
        question,
        lambda: _read(send),
        judge=lambda value: _judge(value, judge),
        weigh=_weigh,
        max_age_s=scope.max_staleness_s,
    )
    if isinstance(found.value, FacadeError):
        raise found.value
    if found.age_s is None and not found.shared:
        return found.value
    call = record()
    call.cache, call.age_s, call.status = (SHARED if found.shared else HIT), found.age_s, found.value.status
    scope.calls.append(call)
    return Reply(found.value.status, found.value.body, call, found.value.secrets)


async def _read(send: Callable[[], Awaitable[Reply]]) -> Reply | FacadeError:
    """Send a call; its error is a value, since others may wait for it."""
    try:
        reply = await send()
    except FacadeError as error:
        return error
    reply.call.cache = MISS
    return reply


def build_question(place: str, request: VendorRequest, scope: CallScope, kind: str) -> Question:
    """Build what tells a call's answer from every other one's."""
    asked = (request.method, request.path, request.params, request.body, request.headers)
    return Question(place, scope.tenant, kind, asked)


def _judge(value: Reply | FacadeError, judge: Judge) -> Worth:
    if isinstance(value, Reply):
        return judge(value.status, value.body)
    late = isinstance(value, VendorTimeoutError) and value.reason == faults.SHORT_OF_TIME.word
    return Worth.OWN if late or isinstance(value, BudgetExceededError) else Worth.SHARE


def _weigh(value: Reply | FacadeError) -> int:
    return _ENTRY_BYTES + len(value.body) if isinstance(value, Reply) else _ENTRY_BYTES
