"""What an error may say: our own tree speaks with code and reason, all else is masked and logged without secrets."""

import logging
from typing import Any

import httpx
import pytest

from adapters.errors import FacadeError, LedgerError
from graph.errors import Code, speaks, to_extensions
from resolvers.writes.desk import ClosingError
from tests.graph.conftest import SECRET


async def _error(http: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    body = (await http.post("/graphql", json={"query": query, "variables": variables})).json()
    (error,) = body["errors"]
    assert error["extensions"].pop("operationId") == body["extensions"]["operationId"]
    found: dict[str, Any] = error
    return found


async def test_an_error_of_ours_speaks(http: httpx.AsyncClient) -> None:
    """Callers act on code, reason and hint; a masked NOT_FOUND would send them to the operator."""
    assert await _error(http, "{ missing }") == {
        "message": "There is no such thing.",
        "locations": [{"line": 1, "column": 3}],
        "path": ["missing"],
        "extensions": {"code": "NOT_FOUND", "reason": "GONE", "hint": "Ask for another."},
    }


async def test_a_refused_input_names_its_place(http: httpx.AsyncClient) -> None:
    """With ten arguments, "malformed" alone helps nobody."""
    error = await _error(http, "{ refused }")

    assert error["extensions"] == {"code": "BAD_USER_INPUT", "reason": "CURSOR_INVALID", "inputPath": ["after"]}


async def test_a_vendors_error_says_whose_and_whether_to_try_again(http: httpx.AsyncClient) -> None:
    """The vendor's status stays in the extensions and never becomes ours."""
    error = await _error(http, "{ limited }")

    assert error["extensions"] == {
        "code": "RATE_LIMITED",
        "source": "retail",
        "vendor": "taguchi_v4",
        "retryable": True,
        "vendorStatus": 429,
        "vendorMessage": "slow down",
        "retryAfter": 7.0,
    }


@pytest.mark.parametrize("field", ["broken", "misconfigured"])
async def test_everything_else_is_masked_and_logged_without_its_text(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, field: str
) -> None:
    """An HTTP client's exception holds the URL, and the URL may hold a vendor's key."""
    with caplog.at_level(logging.DEBUG):
        error = await _error(http, f"{{ {field} }}")

    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["path"] == [field]
    assert SECRET not in str(error)
    assert "conftest.py" in caplog.text
    assert SECRET not in caplog.text


async def test_a_wrong_argument_is_the_callers(http: httpx.AsyncClient) -> None:
    """A variable may be null where the argument may not; that is found while executing, and is no fault of ours."""
    error = await _error(http, "query($n: Int = 1) { number(of: $n) }", n=None)

    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_a_wrong_value_of_ours_is_masked(http: httpx.AsyncClient) -> None:
    """A number that GraphQL's Int cannot hold is our failure, not the caller's."""
    error = await _error(http, "query($id: ID!) { echo(text: $id) number(of: 2147483647) wrong: broken }", id="1")

    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


async def test_a_long_value_is_not_repeated_whole(http: httpx.AsyncClient) -> None:
    """graphql-core prints the value it refuses; two hundred kilobytes of it help nobody."""
    error = await _error(http, "query($n: Int!) { number(of: $n) }", n="x" * 100_000)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert len(error["message"]) <= 500


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LedgerError("The ledger cannot be read or written."), "LEDGER_UNAVAILABLE"),
        (ClosingError(), "SERVER_STOPPING"),
    ],
)
def test_what_fails_on_our_side_says_so_and_whether_to_try_again(error: FacadeError, reason: str) -> None:
    """Broken, a client that knows the codes would meet another one, or not try again what may be tried again."""
    known = to_extensions(error)

    assert speaks(error)
    assert (known["code"], known["reason"], known["retryable"]) == ("INTERNAL_SERVER_ERROR", reason, True)
    assert known["code"] in set(Code)
