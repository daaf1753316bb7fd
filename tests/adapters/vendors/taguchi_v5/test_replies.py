"""What each kind of reply means: records, statuses of items, and what may be remembered."""

from typing import Any

import orjson
import pytest

from adapters.calls import CallRecord
from adapters.errors import (
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.memory import Worth
from adapters.records import Entity
from adapters.transport.requests import Reply
from adapters.vendors.taguchi_v5.operations import Operation, Slot
from adapters.vendors.taguchi_v5.replies import judge_worth, read_found_reply, read_item_statuses
from adapters.vendors.taguchi_v5.statuses import ItemStatus

SUBSCRIBER = Entity.SUBSCRIBER
READ = Operation(SUBSCRIBER, "GET", "subscriber", {"ref": Slot("ref", "query"), "id": Slot("id", "query")})


def reply(body: Any, status: int = 200) -> Reply:
    """A reply with this body."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    call = CallRecord(source="web", vendor="taguchi_v5", operation="subscriber.read", method="GET", url="/x")
    return Reply(status, content, call)


# --- replies of reads -------------------------------------------------------------------------------------------------

NOT_FOUND = {"code": 404, "name": "Not Found", "description": "There is no such subscriber"}
OK = {"code": 200, "name": "OK", "description": ""}
JANE, JOHN = {"id": 1, "ref": "jane"}, {"id": 2, "ref": "john", "name": "x", "code": 500}


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (JANE, [JANE]),
        (JOHN, [JOHN]),
        ([JANE, JOHN], [JANE, JOHN]),
        ({"profile": JANE}, [JANE]),
        ({"subscriber": [JANE]}, [JANE]),
        ([{"profile": JANE}, {"profile": JOHN}], [JANE, JOHN]),
        ([JANE, NOT_FOUND], [JANE]),
        ([], []),
        ({}, []),
        (None, []),
        ({"profile": None}, []),
        ({"profile": []}, []),
        ([{}], []),
        (NOT_FOUND, []),
        ([NOT_FOUND], []),
        ({**NOT_FOUND, "code": "404"}, []),
    ],
    ids=str,
)
def test_records_are_found_in_every_likely_shape(body: Any, rows: list[Any]) -> None:
    """No file says how a look-up answers, so one object, a list and a wrapped one are all understood."""
    assert read_found_reply(reply(body), READ, webhook_mode=False) == rows


@pytest.mark.parametrize("body", [[], {}, None, {"profile": None}, [{}]])
def test_emptiness_is_not_believed_in_webhook_mode(body: Any) -> None:
    """A failure that is answered 200 would be nobody found."""
    with pytest.raises(VendorContractError):
        read_found_reply(reply(body), READ, webhook_mode=True)


@pytest.mark.parametrize("webhook_mode", [False, True])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"code": 401, "name": "Unauthorized", "description": ""}, VendorAuthError),
        ([{"code": 400, "name": "Bad Request", "description": ""}], VendorRejectedError),
        ({"profile": {"code": "403", "name": "Forbidden"}}, VendorAuthError),
        ([JANE, {"code": 409, "name": "Conflict"}], VendorConflictError),
        ({"code": 503, "name": "Service Unavailable"}, VendorUnavailableError),
        ({"code": 429, "name": "Too Many Requests"}, VendorRateLimitedError),
        (OK, VendorContractError),
        ([OK], VendorContractError),
        ("text", VendorContractError),
        (5, VendorContractError),
        ([1], VendorContractError),
        ([[JANE]], VendorContractError),
        (True, VendorContractError),
    ],
    ids=str,
)
def test_failures_inside_200_are_failures(body: Any, kind: type[VendorError], webhook_mode: bool) -> None:
    """Source: vendors/facts.md, 2.2: never judge by the HTTP status only."""
    with pytest.raises(VendorError) as caught:
        read_found_reply(reply(body), READ, webhook_mode=webhook_mode)

    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("status", "body", "tells_absence", "rows"),
    [
        (204, b"", False, []),
        (404, NOT_FOUND, False, []),
        (404, {"message": "Not Found"}, True, []),
        (404, b"", True, []),
        (404, {"message": "Not Found"}, False, None),
        (404, b"<html>Not Found</html>", True, None),
        (404, {"code": 401, "name": "Unauthorized"}, True, None),
        (404, b"", False, None),
    ],
)
def test_nobody_is_told_from_a_wrong_address(status: int, body: Any, tells_absence: bool, rows: Any) -> None:
    """A wrong base_url would show an account without anybody in it."""
    operation = Operation(SUBSCRIBER, "GET", "subscriber", READ.slots, tells_absence=tells_absence)
    answer = reply(body, status)

    if rows is not None:
        assert read_found_reply(answer, operation, webhook_mode=False) == rows
        return
    with pytest.raises(VendorContractError) as caught:
        read_found_reply(answer, operation, webhook_mode=False)
    assert caught.value.reason == "NO_ADDRESS"


# --- statuses of items ------------------------------------------------------------------------------------------------


def test_each_item_has_its_own_status() -> None:
    """An item's failure would be its neighbour's, or everybody's."""
    answer = reply(
        [OK, {"code": "400", "name": "Bad Request", "description": "no identity"}, {"code": 201, "name": "x"}]
    )

    found = read_item_statuses(answer, 3, webhook_mode=False)

    assert found == (
        ItemStatus(200, "OK", ""),
        ItemStatus(400, "Bad Request", "no identity"),
        ItemStatus(201, "x", None),
    )
    assert [each.succeeded for each in found] == [True, False, True]


def test_no_success_is_believed_in_webhook_mode() -> None:
    """A write would be called applied by a status that stands there whatever happened."""
    found = read_item_statuses(reply([OK, {"code": 400, "name": "Bad Request"}]), 2, webhook_mode=True)

    assert [each.succeeded for each in found] == [None, False]


@pytest.mark.parametrize("body", [[OK], {}, None, b"", b"<html>", "OK"])
def test_a_strange_answer_is_one_in_webhook_mode_too(body: Any) -> None:
    """A proxy's page would pass for a write that was taken."""
    with pytest.raises(VendorContractError):
        read_item_statuses(reply(body), 2, webhook_mode=True)


@pytest.mark.parametrize("status", [404, 405])
def test_an_address_that_is_not_there_changes_nothing(status: int) -> None:
    """A wrong base URL would leave every write in doubt."""
    with pytest.raises(VendorRejectedError):
        read_item_statuses(reply(b"<html>", status), 1, webhook_mode=False)


@pytest.mark.parametrize("body", [[], [OK], [OK] * 3, [OK, {}], [OK, None], {}, None, "OK", [[OK, OK]], OK])
def test_statuses_that_do_not_match_the_items_are_refused(body: Any) -> None:
    """By place alone a status would be taken for another item's."""
    with pytest.raises(VendorContractError) as caught:
        read_item_statuses(reply(body), 2, webhook_mode=False)

    assert caught.value.reason == "STATUSES_EXPECTED"


def test_one_item_may_have_its_status_alone() -> None:
    """A single object is a whole request's failure by document, and harmless where it says success of one item."""
    assert read_item_statuses(reply(OK), 1, webhook_mode=False)[0].succeeded


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("webhook_mode", [False, True])
def test_a_whole_request_can_fail(status: int, webhook_mode: bool) -> None:
    """Source: vendors/facts.md, 2.2: a single object of the same three fields with HTTP 401."""
    answer = reply({"code": 401, "name": "Unauthorized", "description": "Bad <i>token</i>"}, status)

    with pytest.raises(VendorAuthError) as caught:
        read_item_statuses(answer, 1, webhook_mode=webhook_mode)
    assert caught.value.vendor_message == "Bad token"


# --- what may be remembered -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "worth"),
    [
        (200, JANE, Worth.KEEP),
        (200, [{"profile": JANE}, NOT_FOUND], Worth.KEEP),
        (200, NOT_FOUND, Worth.NOTHING),
        (200, [], Worth.NOTHING),
        (200, {}, Worth.NOTHING),
        (404, NOT_FOUND, Worth.NOTHING),
        (204, b"", Worth.NOTHING),
        (200, {"code": 401, "name": "Unauthorized"}, Worth.SHARE),
        (200, [JANE, {"code": 500, "name": "x"}], Worth.SHARE),
        (200, OK, Worth.SHARE),
        (200, b"<html>", Worth.SHARE),
        (400, {"code": 400, "name": "x"}, Worth.SHARE),
    ],
    ids=str,
)
def test_only_answers_are_remembered(status: int, body: Any, worth: Worth) -> None:
    """A failure inside 200 would be believed for as long as a person is."""
    assert judge_worth(status, body if isinstance(body, bytes) else orjson.dumps(body)) is worth


def test_a_secret_inside_200_is_not_repeated() -> None:
    """The transport hides secrets in bodies whose status refuses; this one says success."""
    answer = reply({"code": 401, "name": "Unauthorized", "description": "not hunter2-hunter2"})
    answer.secrets = ("hunter2-hunter2",)

    with pytest.raises(VendorAuthError) as caught:
        read_found_reply(answer, READ, webhook_mode=False)

    assert caught.value.vendor_message == "not REDACTED"
