"""The real app over one emulated account of Taguchi V4, which its tests write to."""

from pathlib import Path
from typing import Any

import httpx

from adapters.vendors.taguchi_v4.sandbox import Sandbox, create_sandbox
from graph.server.app import create_app
from graph.settings import load_settings
from resolvers.ids import encode_id
from resolvers.principal import LOCAL, Principal
from tests.graph.bulk_words import read_outcome
from tests.graph.conftest import connect
from tests.graph.every_writer import build_write
from tests.graph.mutating import Mutating

TABLE = """
[sources.retail]
vendor = "taguchi_v4"
base_url = "http://127.0.0.1"
organization_id = 1
auth = { token = { env = "RETAIL_TOKEN" } }
max_page = 1000
region = "AU"
"""
LEFT = "2023-01-01T00:00:00"
ROWS: dict[str, list[dict[str, Any]]] = {
    "list": [{"id": 5, "name": "News"}, {"id": 6, "name": "Offers"}],
    "event": [{"ref": ref} for ref in ("s", "aac", "aaa", "aao", "aap", "aaq", "aat")],
    "template": [{"id": 1, "name": "T"}],
    "subscriber": [
        {"id": 1, "ref": "crm-1", "email": "ada@example.org", "firstname": "Ada", "lists": [{"list_id": 5}]},
        {"id": 2, "ref": "crm-2", "email": "gone@example.org", "unsubscribed": LEFT},
        {"id": 3, "email": "eve@example.org", "lists": [{"list_id": 6, "unsubscribed": LEFT}]},
    ],
}
SHOWN = (
    "outcome warnings facts errors { code reason path vendorMessage } requests { step method url body } before after "
    "operation { id }"
)


ITEMS = "query ($id: ID!) { writeOperation(id: $id) { outcome check facts items { nodes { outcome } } } }"


class World(Mutating):
    """The real app over one emulated account."""

    def __init__(self, folder: Path, principal: Principal = LOCAL) -> None:
        self.sandbox: Sandbox = create_sandbox(seed=None)
        for resource, rows in ROWS.items():
            for row in rows:
                self.sandbox.store.insert(resource, row)
        path = folder / "sources.toml"
        path.write_text(TABLE)
        transports = {"retail": httpx.ASGITransport(self.sandbox.app)}
        self.app = create_app(load_settings(sources=path), transports=transports, principal=principal)
        self.client = connect(self.app)

    async def write(self, name: str, more: str = "", /, **given: Any) -> Any:
        """Send one mutation and return its payload."""
        answer = await self.ask(build_write(name, SHOWN, more), input=given)
        assert "errors" not in answer, answer["errors"]
        return read_outcome(answer["data"][name])

    @property
    def written(self) -> list[str]:
        """The writes the vendor received, by `path?_method=…`."""
        lines = (call.line for call in self.sandbox.calls.entries if call.method != "GET")
        return [line.removeprefix("POST /admin/api/1/").removesuffix("&auth=REDACTED") for line in lines]


def id_of(kind: str, key: int) -> str:
    """The id of a record in the graph."""
    return encode_id("retail", kind, (str(key),))
