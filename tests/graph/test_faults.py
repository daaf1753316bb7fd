"""
A vendor that fails, over a real socket: the read column of the fault matrix, from the wire to GraphQL's answer.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping

import pytest

from tests.graph.fault_table import DEADLINE_S, TROUBLES, Outcome, Trouble, run_table, source_of
from tests.graph.real_vendor import BY_TOKEN, RealVendor, serving_vendor

GRACE_S = 1.5
UNSPOKEN = re.compile(
    r"127\.0\.0|https?://|/admin/|auth=|canary|invalid|<[a-z!?]|Maintenance|srv/app|retry-after|accept:"
    r"|Traceback|aiohttp|httpx|orjson|asyncio|ssl|\.py|Error\(|object at 0x",
    re.IGNORECASE,
)
"""What must not reach a client: addresses, headers, markup, Python."""


@pytest.fixture(scope="module")
def vendor() -> Iterator[RealVendor]:
    """The vendor behind its own server, for all tests here."""
    with serving_vendor() as served:
        yield served


@pytest.fixture(scope="module")
def outcomes(vendor: RealVendor, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """What came of every fault of the table; they struck side by side."""
    return asyncio.run(run_table(vendor, tmp_path_factory.mktemp("faults"), BY_TOKEN))


@pytest.fixture(autouse=True)
def _sound_again(vendor: RealVendor) -> Iterator[None]:
    yield
    vendor.behave()


ALL = pytest.mark.parametrize(("name", "trouble"), TROUBLES.items(), ids=TROUBLES)


@ALL
def test_the_error_says_what_happened(outcomes: Mapping[str, Outcome], name: str, trouble: Trouble) -> None:
    """A client decides by code and `retryable`, a person by vendor and source; neither can by a wrong one."""
    answered = outcomes[name].answered
    error = next(error for error in answered.errors if error["path"] == ["lists"])
    shown = error["extensions"]

    assert (shown["code"], shown["reason"]) == (trouble.code, trouble.reason)
    assert (shown["vendor"], shown["source"]) == ("taguchi_v4", source_of(list(TROUBLES).index(name)))
    assert shown["retryable"] is (trouble.code in {"VENDOR_TIMEOUT", "VENDOR_UNAVAILABLE", "RATE_LIMITED"})
    assert shown["operationId"] == answered.response.headers["x-request-id"]
    assert shown.get("vendorStatus") == trouble.vendor_status
    assert shown.get("vendorMessage") == trouble.message
    assert shown.get("retryAfter") == (
        None if trouble.retry_after is None else pytest.approx(trouble.retry_after, abs=5)
    )


@ALL
def test_trouble_is_never_empty_data(outcomes: Mapping[str, Outcome], name: str, trouble: Trouble) -> None:
    """An empty list reads as "there are none": mail would go out, or not, by mistake."""
    answered = outcomes[name].answered
    failed = {error["path"][0] for error in answered.errors}

    assert answered.response.status_code == 200
    assert answered.response.headers["content-type"].startswith("application/json")
    assert answered.data["lists"] is None
    assert failed == ({"lists"} if trouble.settings is None else {"lists", "campaigns"})
    assert len(answered.errors) == len(failed)


@ALL
def test_other_fields_keep_their_data(
    vendor: RealVendor, outcomes: Mapping[str, Outcome], name: str, trouble: Trouble
) -> None:
    """One broken endpoint must not take a whole page of a front end along."""
    data = outcomes[name].answered.data
    campaigns = [{"vendorId": str(row["id"]), "name": row["name"]} for row in vendor.rows("campaign")[:2]]

    assert data["campaigns"] == ({"nodes": campaigns} if trouble.settings is None else None)
    assert data["elsewhere"] == {"nodes": [{"vendorId": "1"}, {"vendorId": "2"}]}


@ALL
def test_the_answer_comes_in_time(outcomes: Mapping[str, Outcome], name: str, trouble: Trouble) -> None:
    """Whoever waits for a page gives up, and asks again."""
    assert outcomes[name].answered.spent_s < DEADLINE_S + GRACE_S


@ALL
def test_a_read_is_sent_again_only_where_that_may_help(
    outcomes: Mapping[str, Outcome], name: str, trouble: Trouble
) -> None:
    """A vendor in trouble must not be hammered, and one slip of the network must not fail a page."""
    outcome = outcomes[name]
    calls = [call for call in outcome.answered.calls if call["operation"] == "list.list"]

    # rows that are too large for one reply are asked for once more in a smaller one; where none can be read, their
    # neighbours are, and then whether any row follows those
    assert len(calls) == {"BODY_TOO_LARGE": 2, "RECORD_UNREADABLE": 3}.get(trouble.reason, 1)
    for call in calls:
        assert call["attempts"] == trouble.attempts
        assert call["retries"] == [trouble.reason] * (trouble.attempts - 1)
        assert call["error"] == f"{trouble.code} {trouble.reason}" or call["rows"] == 0
    assert len(outcome.received) == (trouble.attempts * len(calls) if trouble.settings is None else 0)


@ALL
def test_nothing_of_the_vendor_reaches_the_client(outcomes: Mapping[str, Outcome], name: str, trouble: Trouble) -> None:
    """Addresses hold secrets, pages hold markup, tracebacks hold both."""
    spoken = outcomes[name].answered.spoken

    assert UNSPOKEN.search(spoken) is None, UNSPOKEN.search(spoken)


@ALL
def test_the_next_call_works(vendor: RealVendor, outcomes: Mapping[str, Outcome], name: str, trouble: Trouble) -> None:
    """A connection, a breaker or a budget left broken would turn one fault into many."""
    after = outcomes[name].after
    lists = [{"vendorId": str(row["id"]), "name": row["name"]} for row in vendor.rows("list")[:2]]

    if trouble.settings is None and trouble.reason != "THROTTLED":
        assert after.errors == []
        assert after.data["lists"]["nodes"] == lists
    assert after.data["elsewhere"] == {"nodes": [{"vendorId": "1"}, {"vendorId": "2"}]}
