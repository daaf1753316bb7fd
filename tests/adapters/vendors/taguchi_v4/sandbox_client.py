"""Asking a sandbox as a client of the vendor would."""

import httpx

from adapters.vendors.taguchi_v4.sandbox import Sandbox

ROOT = "/admin/api/1"
AUTH = "auth=sandbox-token"
USER_AUTH = "auth=sandbox%40example.com%7Cpass%7Cword"


def client_of(sandbox: Sandbox) -> httpx.AsyncClient:
    """A client of an account, inside this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="https://edm2.example")
