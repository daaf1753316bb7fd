"""GraphQL over HTTP: what is sent, what comes back, and under which name."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from graph.server.negotiation import choose_media_type
from tests.graph.conftest import CANCELLED, Connection, build_small_app, code_of, connect, play, reason_of

JSON = "application/json"
NEWER = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (NEWER, NEWER),
        (f"{NEWER}, {JSON}", NEWER),
        (f"{JSON}, {NEWER}", NEWER),
        (f"{NEWER}, {JSON};q=0.9", NEWER),
        (f"{NEWER};q=0.5, {JSON};q=0.9", JSON),
        (f"{NEWER}, */*", NEWER),
        (f"{JSON}, */*", JSON),
        (f"{JSON};q=0, */*", NEWER),
        ("text/html, */*;q=0.8", JSON),
        (f"multipart/mixed;deferSpec=20220824, {JSON}", JSON),
        (f"{NEWER};charset=utf-8", NEWER),
    ],
)
def test_the_media_type_is_the_one_asked_for(accept: str | None, expected: str) -> None:
    """Clients that name a type get it; those that do not get the older one they were written for."""
    assert choose_media_type(accept) == expected


async def test_an_executor_that_does_not_exist_is_refused(http: httpx.AsyncClient) -> None:
    """Whoever compares the two would compare one with itself."""
    answer = await http.post("/graphql", json={"query": "{ __typename }"}, headers={"X-Executor": "nope"})

    assert (answer.status_code, reason_of(answer.json())) == (400, "EXECUTOR_UNKNOWN")


async def test_the_bare_address_leads_to_the_page(http: httpx.AsyncClient) -> None:
    """It is what a newcomer opens first."""
    answer = await http.get("/")

    assert (answer.status_code, answer.headers["location"]) == (307, "/graphql")


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{JSON};q=0", f"{JSON};charset=utf-16", "nonsense"])
async def test_a_client_that_can_read_nothing_of_ours_is_told(http: httpx.AsyncClient, accept: str) -> None:
    """Executing an operation whose answer cannot be read would waste vendor calls."""
    answer = await http.post("/graphql", json={"query": "{ __typename }"}, headers={"Accept": accept})

    assert answer.status_code == 406
    assert reason_of(answer.json()) == "NOT_ACCEPTABLE"


@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (NEWER, 400)])
@pytest.mark.parametrize(
    ("request_body", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($n: Int!) { number(of: $n) }"}, "BAD_USER_INPUT"),
        ({"query": "query($n: Int!) { number(of: $n) }", "variables": {"n": "one"}}, "BAD_USER_INPUT"),
        ({"query": "query A { echo } query B { echo }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { echo }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "{ echo }", "operationName": ""}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "fragment A on Query { echo }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "mutation { echo }"}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_request_error_has_no_data_and_the_status_of_its_media_type(
    http: httpx.AsyncClient, request_body: dict[str, Any], code: str, accept: str, status: int
) -> None:
    """A client must be able to tell by status and by the missing `data` that nothing was executed."""
    answer = await http.post("/graphql", json=request_body, headers={"Accept": accept})
    body = answer.json()

    assert answer.status_code == status
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert "data" not in body
    assert {error["extensions"]["code"] for error in body["errors"]} == {code}


async def test_an_operation_is_chosen_by_name(http: httpx.AsyncClient) -> None:
    """A document may hold several operations; only the named one may run."""
    query = 'query A { echo(text: "a") } query B { echo(text: "b") }'

    answer = await http.post("/graphql", json={"query": query, "operationName": "B"})

    assert answer.json()["data"] == {"echo": "b"}


@pytest.mark.parametrize("accept", [JSON, NEWER])
async def test_an_executed_operation_is_ok_even_with_errors(http: httpx.AsyncClient, accept: str) -> None:
    """Partial data is a success to HTTP; a gateway that saw 5xx would send the operation again."""
    answer = await http.post("/graphql", json={"query": "{ echo missing }"}, headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.json()["data"] == {"echo": "", "missing": None}


async def test_unknown_variables_and_parameters_are_left_alone(http: httpx.AsyncClient) -> None:
    """The specifications let clients send more than an operation declares."""
    body = {
        "query": "{ echo }",
        "variables": {"unused": 1},
        "more": True,
        "extensions": {"a": 1},
        "operationName": None,
    }

    assert (await http.post("/graphql", json=body)).json()["data"] == {"echo": ""}


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 10**40])
async def test_large_ids_sent_as_numbers_stay_whole(http: httpx.AsyncClient, number: int) -> None:
    """Event and mail ids pass 2^53; a rounded id is somebody else's."""
    body = json.dumps({"query": "query($id: ID!) { echo(text: $id) }", "variables": {"id": number}})

    answer = await http.post("/graphql", content=body, headers={"Content-Type": JSON})

    assert answer.json()["data"] == {"echo": str(number)}


async def test_the_app_may_lie_below_anothers_path() -> None:
    """Whoever puts it into an app of theirs would find operations at no address."""
    outer = FastAPI()
    outer.mount("/marketing", build_small_app())
    async with connect(outer) as http:
        answer = await http.post("/marketing/graphql", json={"query": "{ echo }"})

    assert answer.json()["data"] == {"echo": ""}
    assert answer.json()["extensions"]["operationId"] == answer.headers["x-request-id"]


async def test_every_response_names_its_operation(http: httpx.AsyncClient) -> None:
    """Without the id in header and body nobody finds a failed operation in the log."""
    for path, method in (("/graphql", "POST"), ("/graphql", "GET"), ("/health", "GET"), ("/nowhere", "GET")):
        answer = await http.request(method, path, json={"query": "{ echo }"} if method == "POST" else None)
        body = answer.json()

        assert len(answer.headers["x-request-id"]) == 32
        if path != "/health":
            assert body["extensions"]["operationId"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("offered", "kept"),
    [("trace-1.2:3_4", True), ("a" * 128, True), ("a" * 129, False), ("a b", False), ("<script>", False), ("", False)],
)
async def test_a_callers_own_id_is_kept_when_it_is_plain(http: httpx.AsyncClient, offered: str, kept: bool) -> None:
    """Traces go on through us, but nobody writes into our log what a terminal or a page would run."""
    answer = await http.post("/graphql", json={"query": "{ echo }"}, headers={"X-Request-Id": offered})

    assert (answer.headers["x-request-id"] == offered) is kept


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
async def test_operations_come_by_post_alone(http: httpx.AsyncClient, method: str) -> None:
    """A page can make a browser send any GET; operations by GET would be open to it."""
    answer = await http.request(method, "/graphql?query=%7Becho%7D", headers={"Accept": JSON})

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    if method != "HEAD":
        assert reason_of(answer.json()) == "METHOD_NOT_ALLOWED"


async def test_a_browser_gets_the_page_and_a_policy(http: httpx.AsyncClient) -> None:
    """Without the policy, a script that got into the page could call out."""
    answer = await http.get("/graphql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/graphql/assets/nothing.js", "/graphql/assets/..%2Fpage.html", "/graphql/", "/x"])
async def test_what_is_not_there_is_said_in_graphql_words(http: httpx.AsyncClient, path: str) -> None:
    """A client's error handling reads JSON, not a framework's page."""
    answer = await http.get(path)

    assert answer.status_code == 404
    assert code_of(answer.json()) == "NOT_FOUND"


async def test_the_deadline_ends_an_operation(http: httpx.AsyncClient) -> None:
    """An operation that hangs must answer, and must not go on in the background."""
    CANCELLED.clear()
    async with connect(build_small_app(deadline_s=-0.9)) as client:
        answer = await client.post("/graphql", json={"query": "{ slow(seconds: 30) }"})
    body = answer.json()

    assert answer.status_code == 200
    assert body["data"] is None
    assert (code_of(body), reason_of(body)) == ("VENDOR_TIMEOUT", "REQUEST_DEADLINE")
    assert CANCELLED == ["slow"]


async def test_a_read_nobody_waits_for_is_given_up() -> None:
    """A client that went away must not cost vendor calls for another twenty seconds."""
    CANCELLED.clear()
    connection = Connection(
        [{"type": "http.request", "body": b'{"query": "{ slow(seconds: 30) }"}'}, {"type": "http.disconnect"}], 0.01
    )

    async with asyncio.timeout(5):
        await play(build_small_app(), connection)

    assert CANCELLED == ["slow"]
    assert connection.sent == []


async def test_notices_stand_beside_data(http: httpx.AsyncClient) -> None:
    """A source that failed within a page must be told of, though the page has rows."""
    body = (await http.post("/graphql", json={"query": "{ noticed }"})).json()

    assert body["data"] == {"noticed": "the rest"}
    assert body["errors"][0]["path"] == ["noticed"]
    assert code_of(body) == "NOT_FOUND"


async def test_the_plan_is_shown_when_asked_for(http: httpx.AsyncClient) -> None:
    """The plan is how a caller sees what an operation costs."""
    asked = (await http.post("/graphql", json={"query": "{ called }"}, headers={"X-Explain": "1"})).json()
    unasked = (await http.post("/graphql", json={"query": "{ called }"})).json()

    (call,) = asked["extensions"]["plan"]["calls"]
    assert (call["source"], call["operation"], call["rows"]) == ("retail", "subscriber.list", 3)
    assert asked["extensions"]["plan"]["durationMs"] >= 0
    assert "plan" not in unasked["extensions"]
