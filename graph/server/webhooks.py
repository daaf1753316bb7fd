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

from adapters.contract import Source, UnreadableTellingError, Webhook
from adapters.errors import LedgerError
from adapters.ledger import Ledger
from adapters.memory import Memory
from graph.errors import refuse_request
from graph.server.body import read_body
from graph.server.limits import RequestLimits
from resolvers.writes.telling import keep_told, keep_unread

PATH: Final = "/webhooks/{source}/{secret}"
_NOBODY: Final = SecretStr(secrets.token_urlsafe(32))
"""Stands in for the secret of a source there is not, so that it takes as long to refuse."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Takes what vendors tell of the sources that have a webhook."""

    sources: Mapping[str, Source]
    find_ledger: Callable[[], Awaitable[Ledger]]
    memory: Memory | None
    limits: RequestLimits

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
        expected = (webhook.secret if webhook else _NOBODY).get_secret_value()
        same = hmac.compare_digest(_digest(secret), _digest(expected))
        return webhook if same else None

    async def _keep(self, name: str, webhook: Webhook, body: bytes) -> Response:
        ledger = await self.find_ledger()
        try:
            events = webhook.read(body)
        except UnreadableTellingError:
            await keep_unread(ledger, name, body)
            raise refuse_request(400, "This cannot be read.", reason="BODY_UNREADABLE") from None
        await keep_told(ledger, name, events, self.memory)
        return Response(status_code=200)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogateescape")).digest()
