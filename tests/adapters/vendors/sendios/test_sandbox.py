"""The emulator against the document, the public facts, and every recorded request."""

import base64
import hashlib
from urllib.parse import quote

import pytest

from adapters.sandbox.cast import CAST
from adapters.vendors.sendios.sandbox import create_sandbox
from tests.adapters.vendors.sendios.client import ENCODED, HASHED, PUSH, SDK_KEY, USER, ask, authorize, build, send

RECORDED: list[tuple[str, str, object]] = [
    ("POST", "/v1/push/system", PUSH),
    ("POST", "/v1/push/trigger", PUSH),
    ("POST", "/v1/email/check", {"email": "Test@Example.com", "sanitize": True}),
    ("POST", "/v1/email/check/send", {"project": 1, "email": "test@example.com"}),
    ("POST", "/v1/email/check/send", {"project_id": 1, "email": "test@example.com"}),
    ("GET", "/v1/user/project/1/email/test@example.com", None),
    ("GET", f"/v1/user/id/{USER}", None),
    ("PUT", f"/v1/userfields/project/1/emailhash/{ENCODED}", {"vip": 1, "field1": 542}),
    ("PUT", f"/v1/userfields/user/{USER}", {"field1": 542}),
    ("GET", f"/v1/userfields/user/{USER}", None),
    ("GET", "/v1/userfields/project/1/email/test@example.com", None),
    ("POST", "/v1/clientuser/create", {"email": "test@example.com", "project_id": 1, "client_user_id": "1234"}),
    ("POST", f"/v1/unsub/{USER}/source/9", None),
    ("POST", f"/v1/unsub/{USER}/source/8", None),
    ("DELETE", f"/v1/unsub/{USER}", None),
    ("POST", f"/v1/unsub/admin/1/email/{ENCODED}", None),
    ("GET", f"/v1/unsub/isunsub/{USER}", None),
    ("GET", f"/v1/unsub/unsubreason/{USER}", None),
    ("GET", "/v1/unsub/list/1262307661", None),
    ("GET", "/v1/unsub/list/1528588800/1?page_size=100", None),
    ("GET", "/v1/unsub/list/1528588800/1", None),
    ("GET", f"/v1/unsubtypes/{USER}", None),
    ("POST", f"/v1/unsubtypes/{USER}", {"type_ids": [4]}),
    ("POST", f"/v1/unsubtypes/nodiff/{USER}", {"type_ids": [4, 5]}),
    ("DELETE", f"/v1/unsubtypes/nodiff/{USER}", {"type_ids": [4]}),
    ("DELETE", f"/v1/unsubtypes/all/{USER}", None),
    ("POST", "/v1/buying/email", {"email": "test@example.com"}),
    ("POST", "/v1/lastpayment", {"start_date": 1509617696, "user_id": USER, "amount": 20}),
    ("POST", "/v1/trackemail/click/12244", None),
    ("GET", f"/v3/track/mail/click/client?u={USER}&m=12244&p=1", None),
    ("PUT", f"/v3/users/{USER}/online", {"timestamp": "1500000000", "user_id": USER}),
    ("PUT", f"/v3/users/{USER}/online", {"timestamp": "2010-01-01T08:15:30-01:00", "user_id": USER}),
    ("PUT", f"/v3/users/project/1/email/{ENCODED}/online", {"timestamp": "1500000000", "encoded_email": ENCODED}),
    ("PUT", f"/v3/users/project/1/email/{ENCODED}/confirm", {"last_reaction": 1500000000, "encoded_email": ENCODED}),
    ("POST", "/v1/webpush/project/1", {"user_id": USER, "meta": {"url": "https://push.example/1", "auth_token": "x"}}),
    ("POST", "/v1/webpush/send", {"project_id": 1, "title": "t", "text": "t", "url": "u", "type_id": 1, "meta": []}),
    ("GET", f"/v1/webpush/user/get/{USER}", None),
    ("POST", "/v1/user/erase", {"email": "test@example.com", "project_id": 1, "force_delete": False}),
]


@pytest.mark.parametrize(("method", "path", "body"), RECORDED, ids=[f"{method} {path}" for method, path, _ in RECORDED])
async def test_recorded_request_is_served(method: str, path: str, body: object) -> None:
    """A public client would not work against the emulator."""
    assert await ask(build(), method, path, body) is not None


async def test_sdk_key_is_hashed_by_the_sdk() -> None:
    """The vendor's own SDKs send the SHA-1 of their key as the password."""
    key = hashlib.sha1(SDK_KEY.encode()).hexdigest()  # noqa: S324 - what the vendor's clients send
    reply = await send(build(), "GET", f"/v1/user/id/{USER}", headers=authorize(key))

    assert reply.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        authorize("wrong"),
        authorize(client_id=124),
        {"Authorization": "Bearer " + HASHED},
        {"Authorization": "Basic ***"},
        {"Authorization": "Basic"},
    ],
    ids=["none", "wrong key", "wrong client", "bearer", "no base64", "empty"],
)
async def test_wrong_credentials_are_refused(headers: dict[str, str]) -> None:
    """An emulator that lets everybody in hides that we send the wrong thing."""
    reply = await send(build(), "GET", f"/v1/user/id/{USER}", headers=headers)

    assert reply.status_code == 401
    assert reply.json()["_meta"]["status"] == "ERROR"
    assert reply.json()["data"]["error"] == "Authorization base64 data wrong or invalid"


async def test_user_of_the_guide() -> None:
    """The guide's example person, with empty objects as empty arrays."""
    user = (await ask(build(), "GET", "/v1/user/project/1/email/Test@Example.com"))["user"]

    expected = {"id": 8424, "project_id": 1, "email": "test@example.com", "name": "John", "gender": "m"}
    assert expected == {name: user[name] for name in expected}
    assert (user["country"], user["language"]) == ("UKR", "en")
    assert [user[name] for name in ("unsubscribe", "unsubscribe_types", "unsub_promo", "webpush", "last_payment")] == [
        []
    ] * 5
    assert user["sent_mails"][0]["type_sig"] == "email_confirm"


async def test_unknown_user_is_named_after_two_blanks() -> None:
    """The text a public client compares with."""
    reply = await send(build(), "GET", "/v1/user/project/1/email/undefined@gmail.com")

    assert reply.status_code == 404
    assert reply.json()["data"]["error"] == "Not found  user for project 1 and email undefined@gmail.com"


async def test_user_fields_stand_deeper_than_user_info() -> None:
    """`data.result.user` against `data.user`, and the old guide one level higher."""
    recorded = await ask(build(), "GET", f"/v1/userfields/user/{USER}")
    old = await ask(build(fields_depth="data"), "GET", f"/v1/userfields/user/{USER}")

    assert recorded["result"]["user"]["id"] == USER
    assert old["user"] == recorded["result"]["user"]
    assert old["custom_fields"] == []


@pytest.mark.parametrize("email", ["a/b@example.net", "who?+x#y%41@example.net", "ÿÿÿ~~~@example.net"])
async def test_addresses_with_awkward_letters_are_found(email: str) -> None:
    """Addresses stand in the path, percent-encoded; their base64 holds `/`, `+` and `=`, not encoded."""
    sandbox = build()
    encoded = base64.b64encode(email.encode()).decode()

    found = await ask(sandbox, "GET", f"/v1/user/project/1/email/{quote(email, safe='')}")
    await ask(sandbox, "PUT", f"/v1/userfields/project/1/emailhash/{encoded}", {"vip": 1})
    await ask(sandbox, "PUT", f"/v3/users/project/1/email/{encoded}/online", {"timestamp": "1"})

    assert found["user"]["email"] == email
    user = sandbox.store.find_by_email(1, email)
    assert user is not None
    assert (user.vip, user.last_online) == (1, "1970-01-01 00:00:01")


def test_base64_of_awkward_addresses_needs_the_whole_path() -> None:
    """The emulator's people must hold the traps the route is there for."""
    emails = [user.email for user in create_sandbox().store.users]
    encoded = "".join(base64.b64encode(email.encode()).decode() for email in emails)

    assert {"/", "+", "="} <= set(encoded)


async def test_page_of_opt_outs_is_a_part_of_the_list() -> None:
    """Pages are counted from 1, say how many there are, and hold what the whole list holds."""
    sandbox = build()
    whole = await ask(sandbox, "GET", "/v1/unsub/list/1")
    pages = [(await ask(sandbox, "GET", f"/v1/unsub/list/1/{page}?page_size=30"))[0] for page in (1, 2, 3, 4, 5)]

    assert [row for page in pages for row in page["data"]] == whole
    assert (pages[0]["pages"], pages[0]["current_page"], pages[0]["size"]) == (-(-len(whole) // 30), 1, 30)
    assert {
        "email": "jo23lu56@gmail.com",
        "project_id": 9,
        "client_user_id": None,
        "source_id": 9,
        "created_at": "2018-02-27 20:31:45",
    } in whole


async def test_list_begins_after_the_time_that_is_asked_for() -> None:
    """Whether the second itself belongs is nowhere said, so both readings can be had."""
    moment = 1_519_763_505  # 2018-02-27 20:31:45
    harsh = await ask(build(newest_first=False), "GET", f"/v1/unsub/list/{moment}")
    kind = await ask(build(newest_first=False, since_inclusive=True), "GET", f"/v1/unsub/list/{moment}")

    assert kind[0]["email"] == "jo23lu56@gmail.com"
    assert harsh == kind[1:]


async def test_page_can_come_without_its_list() -> None:
    """The guide prints a list of one page; the other shape can be had."""
    found = await ask(build(paged_shape="object", page_clamp=10), "GET", "/v1/unsub/list/1/1?page_size=500")

    assert (found["size"], len(found["data"])) == (10, 10)


async def test_refusal_can_come_with_200() -> None:
    """Then only the envelope tells."""
    reply = await send(build(refused_with_200=True), "GET", "/v1/user/id/5")

    assert (reply.status_code, reply.json()["_meta"]["status"]) == (200, "ERROR")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/user/id/x", None, 404),
        ("GET", "/v1/nothing", None, 404),
        ("GET", "/v2/user/id/8424", None, 404),
        ("POST", "/v1/user/id/8424", None, 405),
        ("POST", "/v1/unsub/8424/source/3", None, 400),
        ("GET", "/v1/unsub/list/yesterday", None, 400),
        ("GET", "/v1/unsub/list/1/0", None, 400),
        ("GET", "/v1/unsub/list/1/1?page_size=-5", None, 400),
        ("POST", "/v1/unsubtypes/8424", {"type_ids": "4"}, 400),
        ("POST", "/v1/push/system", {**PUSH, "project_id": 3}, 400),
        ("POST", "/v1/push/system", {**PUSH, "type_id": "x"}, 400),
        ("POST", "/v1/push/system", ["x"], 400),
        ("POST", "/v1/lastpayment", {"user_id": 5, "start_date": 1}, 404),
        ("POST", "/v1/email/check", {}, 400),
        ("PUT", "/v1/userfields/project/1/emailhash/***", {"vip": 1}, 400),
        ("POST", "/v1/trackemail/click/5", None, 404),
        ("GET", "/v3/track/mail/click/client?u=1", None, 400),
    ],
)
async def test_bad_requests_are_refused(method: str, path: str, body: object, status: int) -> None:
    """Strict where the vendor is."""
    reply = await send(build(), method, path, body)

    assert (reply.status_code, reply.json()["_meta"]["status"]) == (status, "ERROR")


def test_people_whom_several_vendors_know_are_here() -> None:
    """`person` would have nothing to bring together."""
    store = create_sandbox().store
    found = [store.find_by_email(1, member.email) for member in CAST]

    assert all(found)
    assert any(user.email != user.email.lower() for user in found if user)
    assert store.find_by_email(1, "thomas_1+shop@example.com") not in found
    phones = {str(user.custom_fields["phone"]) for user in found if user}
    assert {"0489 701 378", "+61 467-675-436", "61418825702"} <= phones


def test_people_are_the_same_every_time() -> None:
    """Tests and people who try things out must see the same account."""
    first, second = create_sandbox().store, create_sandbox().store

    assert [*first.users] == [*second.users]
    assert [*create_sandbox(2).store.users] != [*first.users]
    assert len({user.id for user in first.users}) == len([*first.users]) > 300
