"""The account of the document's examples, in a sandbox, and a plain HTTP client at its door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx

from adapters.vendors.taximail.sandbox import Sandbox, SandboxOptions, create_sandbox
from adapters.vendors.taximail.sandbox.store import Campaign, CustomField, Segment

JOINED = datetime(2015, 10, 29, 11, 10, 19)  # noqa: DTZ001 - the vendor's times have no zone
KEYS = {"api_key": "sandbox-key", "secret_key": "sandbox-secret"}
BASIC = httpx.BasicAuth("sandbox-key", "sandbox-secret")


def build_account(**options: Any) -> Sandbox:
    """List 314 of the document's examples: five contacts, two of them at example.com."""
    sandbox = create_sandbox(None, options=SandboxOptions(**options))
    store = sandbox.store
    mail_list = store.add_list("Customers", datetime(2015, 2, 8, 10, 1, 43), 314)  # noqa: DTZ001 - see above
    mail_list.fields += [
        CustomField(208, "Customer Fullname", "FULLNAME", "text256"),
        CustomField(210, "Telephone", "TELEPHONE", "text128"),
    ]
    for first, email in (
        ("Eve", "eve@example.org"),
        ("Adam", "adam@example.com"),
        ("John", "john@example.com"),
        ("Zoe", "zoe@example.net"),
        ("Mary", "mary@example.org"),
    ):
        mail_list.add(email, JOINED, firstname=first, lastname="Smith", custom_field_208=f"Mr. {first} Smith")
    mail_list.segments[7] = Segment(7, "Adams", lambda contact: contact.values["firstname"] == "Adam")
    store.campaigns[315] = Campaign(315, "Autumn", "Draft", JOINED)
    return sandbox


@asynccontextmanager
async def knock(sandbox: Sandbox, auth: httpx.Auth | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client without a session."""
    transport = httpx.ASGITransport(sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", auth=auth) as client:
        yield client


@asynccontextmanager
async def enter(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client with a session, as the document sends it save for the quotes."""
    async with knock(sandbox) as client:
        reply = await client.post("/v2/user/login", json=KEYS)
        client.headers["Authorization"] = f"Bearer {reply.json()['data']['session_id']}"
        yield client
