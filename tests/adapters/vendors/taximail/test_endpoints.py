"""What goes out, frozen; and what a reply means, by status and envelope."""

import json

import pytest

from adapters.calls import CallNote, CallRecord
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
from adapters.transport.urls import quote_query
from adapters.vendors.taximail.endpoints import (
    LOG_IN,
    ContactSearch,
    PageCall,
    build_campaigns,
    build_contact,
    build_contacts,
    build_fields,
    build_lists,
    build_message,
)
from adapters.vendors.taximail.keys import InnerKey
from adapters.vendors.taximail.replies import (
    is_unauthorized,
    judge_worth,
    read_found,
    read_listed,
    read_object,
    read_session,
)

NOTE = CallNote(purpose="here")

REQUESTS = {
    "list?order_by=create_date&order_type=asc&page=1&limit=100": build_lists(PageCall("create_date"), NOTE),
    "list/314/custom_fields": build_fields("314", NOTE),
    "list/314/subscribers?display_mode=all&browse=all&order_by=email&order_type=desc&page=3&limit=50": build_contacts(
        ContactSearch("314"), PageCall("email", 3, 50, descending=True), NOTE
    ),
    "list/314/subscribers?display_mode=all&browse=7&keyword_search=a%2Bb%40example.com&order_by=date&order_type=asc"
    "&page=1&limit=100": build_contacts(ContactSearch("314", "7", "a+b@example.com"), PageCall("date"), NOTE),
    "list/314/subscribers/3": build_contact(InnerKey("314", "3"), NOTE),
    "campaign?campaign_status=PendingApproval&order_by=create_date&order_type=asc&page=1&limit=100": build_campaigns(
        "PendingApproval", PageCall("create_date"), NOTE
    ),
    "transactional/a%2Fb%20%C3%BC": build_message("a/b ü", NOTE),
}


@pytest.mark.parametrize(("line", "request_"), REQUESTS.items(), ids=REQUESTS)
def test_a_request_is_what_the_document_says(line, request_):
    """Everything is named: the vendor's defaults are not ours."""
    query = quote_query(request_.params)

    assert request_.path + ("?" + query if query else "") == line
    assert (request_.method, request_.body, request_.purpose) == ("GET", None, "here")
    assert request_.headers == (("Accept", "application/json"),)
    assert request_.repeatable


def test_reads_may_be_remembered_and_a_log_in_may_not():
    """A session in a cache would outlive its credentials."""
    assert {request.remembered_as for request in REQUESTS.values()} == {
        Entity.LIST,
        Entity.SUBSCRIBER,
        Entity.CAMPAIGN,
        Entity.MESSAGE,
    }
    assert (LOG_IN.request.remembered_as, LOG_IN.request.repeatable, LOG_IN.request.method) == (None, True, "POST")


def reply(body: object, status: int = 200, secrets: tuple[str, ...] = ()) -> Reply:
    """A reply with a JSON body, or with bytes as they are."""
    call = CallRecord("shop", "taximail", "list.list", "GET", "/v2/list", status=status)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, raw, call, secrets)


def envelope(code: object = 200, status: str = "success", **more: object) -> dict[str, object]:
    """An envelope."""
    return {"status": status, "code": code, **more}


@pytest.mark.parametrize(
    "body",
    [
        envelope(data=[1]),
        envelope("200", data=[1]),
        envelope(202, data=[1]),
        envelope(None, data=[1]),
        envelope("", "Success", data=[1]),
        {"status": "success", "data": [1]},
    ],
    ids=["number", "text", "another success", "no code", "empty code", "code missing"],
)
def test_a_success_is_one_whatever_its_code_looks_like(body):
    """Source: vendors/facts.md, 3.1 and 3.2: codes come as text, and disagree among the 200s."""
    assert read_found(reply(body)).data == [1]


REFUSALS = [
    (400, VendorRejectedError),
    (401, VendorAuthError),
    (403, VendorAuthError),
    (405, VendorContractError),
    (409, VendorConflictError),
    (418, VendorContractError),
    (422, VendorRejectedError),
]


@pytest.mark.parametrize(("code", "kind"), REFUSALS, ids=str)
@pytest.mark.parametrize("way", ["status", "envelope", "code as text"])
def test_a_refusal_is_one_by_its_status_or_its_envelope(code, kind, way):
    """That they are equal is never stated."""
    shown = str(code) if way == "code as text" else code
    answer = reply(envelope(shown, "error", err_msg="No, really"), code if way == "status" else 200)

    with pytest.raises(VendorError) as caught:
        read_found(answer)

    assert type(caught.value) is kind
    assert caught.value.vendor_message == "No, really"
    assert answer.call.error is not None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (429, VendorRateLimitedError),
        (500, VendorUnavailableError),
        (503, VendorRejectedError),
        (0, VendorRejectedError),
    ],
)
def test_an_error_inside_200_is_never_a_success(code, kind):
    """503 is an error in what was sent, the document says; an error without a code is a refusal."""
    with pytest.raises(VendorError) as caught:
        read_found(reply(envelope(code, "error", message="Sorry")))

    assert type(caught.value) is kind
    assert caught.value.vendor_message == "Sorry"


@pytest.mark.parametrize("answer", [reply(envelope(404, "error"), 404), reply(envelope("404", "error"))])
def test_what_is_not_there_is_none(answer):
    """The caller knows what that means."""
    assert read_found(answer) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(b""), "BODY_EMPTY"),
        (reply(b"<html>Log in</html>"), "BODY_HTML"),
        (reply(b"{"), "BODY_NOT_JSON"),
        (reply([]), "ENVELOPE_EXPECTED"),
        (reply(None), "ENVELOPE_EXPECTED"),
        (reply("success"), "ENVELOPE_EXPECTED"),
        (reply({"data": {}}), "ENVELOPE_EXPECTED"),
        (reply(envelope(status="fine")), "ENVELOPE_EXPECTED"),
        (reply(b"", 204), "BODY_EMPTY"),
        (reply(b"<h1>Not Found</h1>", 404), "NO_ADDRESS"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_an_answer_outside_the_envelope_is_a_breach(answer, reason):
    """Never an empty list."""
    with pytest.raises(VendorContractError) as caught:
        read_found(answer)

    assert caught.value.reason == reason


def test_a_refusal_without_an_envelope_is_judged_by_its_status():
    """A proxy answers in HTML."""
    with pytest.raises(VendorAuthError) as caught:
        read_found(reply(b"<html>who?</html>", 401))

    assert caught.value.vendor_message is None


def test_a_message_never_repeats_our_secrets():
    """Not inside 200 either, where the transport cannot know that it is a refusal."""
    answer = reply(envelope(400, "error", err_msg="bad session s3cr3t, see https://x/?a=1"), secrets=("s3cr3t",))

    with pytest.raises(VendorRejectedError) as caught:
        read_found(answer)

    assert caught.value.vendor_message == "bad session REDACTED, see"


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ({"lists": []}, []),
        ([], []),
        ({}, []),
        ({"lists": [{"a": 1}, None, 3]}, [{"a": 1}, {}, {}]),
        ({"lists": {"0": {"a": 1}, "2": {"a": 2}}}, [{"a": 1}, {"a": 2}]),
    ],
)
def test_rows_are_read_from_what_servers_make_of_lists(data, rows):
    """An empty object may come as `[]`, a list with gaps as an object."""
    answer = reply(envelope(data=data))

    assert read_listed(answer, read_object(answer, read_found(answer)), "lists") == rows
    assert answer.call.rows == len(rows)


@pytest.mark.parametrize("data", [None, 3, "x", [1], {"other": []}, {"lists": None}, {"lists": 5}])
def test_data_that_holds_no_rows_is_a_breach(data):
    """Missing rows are not an empty page."""
    answer = reply(envelope(data=data))

    with pytest.raises(VendorContractError):
        read_listed(answer, read_object(answer, read_found(answer)), "lists")


def test_a_session_is_read_from_a_log_in():
    """Source: vendors/facts.md, 3.1."""
    assert read_session(reply(envelope(data={"session_id": "abc"}))) == "abc"


@pytest.mark.parametrize("data", [None, [], {}, {"session_id": ""}, {"session_id": 3}, {"session_id": "a\r\nX: 1"}])
def test_a_log_in_without_a_session_is_a_breach(data):
    """A session must be fit for a header."""
    with pytest.raises(VendorContractError):
        read_session(reply(envelope(data=data)))


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (reply(b"", 401), True),
        (reply(envelope(401, "error")), True),
        (reply(envelope("401", "error")), True),
        (reply(envelope(200, data="401")), False),
        (reply(envelope(403, "error"), 403), False),
        (reply(envelope(200, data=[401] * 5000)), False),
        (reply(b"401"), False),
    ],
)
def test_a_refused_session_is_told_from_everything_else(answer, wanted):
    """Renewing for another reason would be a log-in for each call."""
    assert is_unauthorized(answer) is wanted


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        (reply(envelope(data={"lists": [{"list_id": 1}]})), Worth.KEEP),
        (reply(envelope(data={"lists": [{"list_id": 1}] * 1000})), Worth.KEEP),
        (reply(envelope(data={"lists": []})), Worth.NOTHING),
        (reply(envelope("404", "error")), Worth.NOTHING),
        (reply(envelope(404, "error"), 404), Worth.NOTHING),
        (reply(envelope(401, "error")), Worth.SHARE),
        (reply(envelope(401, "error"), 401), Worth.SHARE),
        (reply(envelope()), Worth.SHARE),
        (reply(b"<html>Log in</html>"), Worth.SHARE),
        (reply(json.dumps(envelope(data={"lists": [{"list_id": 1}] * 1000})).encode()[:-9]), Worth.SHARE),
        (reply(b""), Worth.SHARE),
    ],
)
def test_only_answers_are_remembered(answer, worth):
    """A refusal kept for minutes would be an outage of our own."""
    assert judge_worth(answer.status, answer.body) is worth
