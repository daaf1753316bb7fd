"""The requests real clients were seen to send (facts, 1.8), and every way they name themselves."""

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from tests.adapters.vendors.taguchi_v4.sandbox_client import AUTH, ROOT, USER_AUTH, client_of

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """A small account shared by tests that only read."""
    return create_sandbox(subscribers=300, events=0)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shared account."""
    async with client_of(sandbox) as client:
        yield client


FIND = (
    f"{ROOT}/subscriber/?_method=GET&{USER_AUTH}&query=email-like-%25%40example.com&query=unsubscribed-is-null"
    "&sort=id&order=asc&offset=0&limit=2"
)


async def test_recorded_python_find(client: httpx.AsyncClient) -> None:
    """The Python wrapper's search."""
    rows = (await client.get(FIND, headers={"accept": "application/json", "UserAgent": "x"})).json()

    assert len(rows) == 2
    assert all(row["email"].endswith("@example.com") and row["unsubscribed"] is None for row in rows)


async def test_recorded_php_find(client: httpx.AsyncClient) -> None:
    """The PHP wrapper posts its reads, with a form type and no body."""
    posted = await client.post(FIND, headers={"content-type": FORM}, content=b"")

    assert posted.json() == (await client.get(FIND)).json()


async def test_recorded_net_find(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """The .NET wrapper's search by e-mail."""
    email = sandbox.store.rows("subscriber")[0]["email"]
    parameters = f"_method=GET&{USER_AUTH}&sort=id&order=asc&offset=0&limit=1"
    query = str(httpx.QueryParams({"query": f"email-eq-{email}"}))

    rows = (await client.get(f"{ROOT}/subscriber/?{parameters}&{query}")).json()

    assert [row["email"] for row in rows] == [email]


@pytest.mark.parametrize("alias", [False, True])
async def test_recorded_content_reads(alias: bool) -> None:
    """`revisions` is the documented word; the singular of three wrappers works only where the option says so."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(revision_alias=alias))
    async with client_of(sandbox) as client:
        singular = await client.get(f"{ROOT}/activity/5?_method=GET&{USER_AUTH}&revision=latest")
        plural = await client.get(f"{ROOT}/activity/5?_method=GET&{USER_AUTH}&revisions=latest")

    assert len(plural.json()[0]["revisions"]) == 1
    assert singular.json()[0]["revisions"] == (plural.json()[0]["revisions"] if alias else [])


# --- authentication ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "auth",
    [
        "sandbox-token",
        "sandbox@example.com|pass|word",
        "sandbox%40example.com%7Cpass%7Cword",
        "sandbox%2540example.com%257Cpass%257Cword",
        "spaced@example.com%7Ctwo%20words",
        "spaced@example.com%7Ctwo+words",
    ],
    ids=["token", "bars", "escaped bars", "escaped twice", "blank as %20", "blank as plus"],
)
async def test_auth_forms(auth: str) -> None:
    """Every form a real client sends must open the door, the password's own bar included."""
    users = {"sandbox@example.com": "pass|word", "spaced@example.com": "two words"}
    sandbox = create_sandbox(subscribers=0, events=0, users=users)

    async with client_of(sandbox) as client:
        assert (await client.get(f"{ROOT}/list/1?auth={auth}")).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "auth=", "auth=wrong", "auth=sandbox@example.com|pass", "auth=nobody|pass|word", f"{AUTH}&{AUTH}"],
    ids=["none", "empty", "token", "password", "user", "twice"],
)
@pytest.mark.parametrize(
    "path", ["subscriber/", "subscriber/1", "subscriber/999999", "nothing/", "subscriber/?limit=x"]
)
async def test_bad_auth(client: httpx.AsyncClient, path: str, query: str) -> None:
    """403 comes before everything else, so nothing leaks to strangers."""
    reply = await client.get(f"{ROOT}/{path}{'&' if '?' in path else '?'}{query}")

    assert reply.status_code == 403
