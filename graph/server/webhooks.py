"""
Where vendors tell us of changes: `POST /webhooks/{source}/{secret}`.

The vendors sign nothing that could be checked, so the path is the secret: too long to be guessed, compared in constant
time, and never logged. What is told is kept before it is answered, and proves nothing but about writes of ours.
"""

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.contract import MOST_SECRETS, Source, UnreadableTellingError, Webhook
from adapters.errors import LedgerError
from adapters.ledger import Ledger
from adapters.memory import Memory
from graph.errors import refuse_request
from graph.server.body import read_body
from graph.server.limits import RequestLimits
from resolvers.writes.listening import Listener
from resolvers.writes.telling import keep_told, keep_unread

PATH: Final = "/webhooks/{source}/{secret}"
_NOBODY: Final = SecretStr(secrets.token_urlsafe(32))
"""Stands in for the secrets that a source does not have, or that there is no source for: it takes as long to refuse."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Takes what vendors tell of the sources that have a webhook."""

    sources: Mapping[str, Source]
    find_ledger: Callable[[], Awaitable[Ledger]]
    memory: Memory | None
    limits: RequestLimits
    listener: Listener

    async def answer(self, request: Request) -> Response:
        """Keep what a vendor tells: 200 once it is kept, 400 where it cannot be read, 404 for everybody else."""
        name = request.path_params["source"]
        webhook = self._find(name, request.path_params["secret"])
        if webhook is None:
            raise HTTPException(404)
        request.scope["path"] = f"/webhooks/{name}"  # the secret stands in no log
        body = await read_body(request.headers, request.receive, self.limits)
        try:
            return await self._keep(name, webhook, body)
        except LedgerError:
            log.warning("what source %s was told could not be kept; its vendor is asked to tell it again", name)
            raise refuse_request(503, "This cannot be kept now.", reason="LEDGER_UNAVAILABLE") from None

    def _find(self, name: str, secret: str) -> Webhook | None:
        source = self.sources.get(name)
        webhook = source.webhook if source else None
        return webhook if _is_one_of(webhook.secrets if webhook else (), secret) else None

    async def _keep(self, name: str, webhook: Webhook, body: bytes) -> Response:
        ledger = await self.find_ledger()
        try:
            events = webhook.read(body)
        except UnreadableTellingError:
            await keep_unread(ledger, name, body)
            raise refuse_request(400, "This cannot be read.", reason="BODY_UNREADABLE") from None
        await keep_told(ledger, name, events, self.memory, self.listener)
        return Response(status_code=200)


def _is_one_of(good: tuple[SecretStr, ...], secret: str) -> bool:
    """Compare with as many secrets as there may be, and with all of them: the time tells neither how many nor which."""
    expected = (*good, _NOBODY, _NOBODY)[:MOST_SECRETS]
    found = [hmac.compare_digest(_digest(secret), _digest(each.get_secret_value())) for each in expected]
    return any(found)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogateescape")).digest()
