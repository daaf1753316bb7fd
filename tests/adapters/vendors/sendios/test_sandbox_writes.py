"""What the emulator does when it is written to, and what it makes of addresses."""

import base64
from typing import Any

import pytest

from tests.adapters.vendors.sendios.client import ENCODED, PUSH, USER, ask, build, send


async def test_push_without_a_reader_is_refused() -> None:
    """The text a public client compares with."""
    reply = await send(build(), "POST", "/v1/push/system", {"type_id": 11, "project_id": 1, "data": {"a": 1}})

    assert reply.status_code == 400
    assert reply.json()["data"]["error"] == "Request validation error:  data - This value should contain key `user`"


async def test_email_check_of_the_guide() -> None:
    """The guide's example reply, word for word."""
    expected = {
        "reason": "mx_record",
        "orig": "Test@Example.com",
        "valid": False,
        "email": "Test@Example.com",
        "vendor": "Unknown",
        "domain": "Example.com",
        "trusted": False,
    }

    assert expected == await ask(build(), "POST", "/v1/email/check", {"email": "Test@Example.com"})


@pytest.mark.parametrize(
    ("address", "expected", "reason"),
    [
        ("anna@gmial.com", "anna@gmail.com", None),
        (" anna@gmail.com,", "anna@gmail.com", None),
        ("аnnа@gmail.com", "anna@gmail.com", None),  # noqa: RUF001 - Cyrillic on purpose
        ("anna", "anna", "invalid"),
        ("anna@mailinator.com", "anna@mailinator.com", "blacklisted"),
        ("abuse@gmail.com", "abuse@gmail.com", "system"),
    ],
)
async def test_addresses_are_corrected_and_judged(address: str, expected: str, reason: str | None) -> None:
    """The corrected address is what a mail would go to."""
    found = await ask(build(), "POST", "/v1/email/check", {"email": address})

    assert (found["email"], found.get("reason"), found["valid"]) == (expected, reason, reason is None)


async def test_correction_can_be_switched_off() -> None:
    """`sanitize` is on unless the caller says otherwise."""
    found = await ask(build(), "POST", "/v1/email/check", {"email": "anna@gmial.com", "sanitize": False})

    assert found["email"] == "anna@gmial.com"


async def test_only_a_mail_creates_a_user_under_the_corrected_address() -> None:
    """FAQ, 6 and 9: no user before the first mail, and then with the address as it was corrected."""
    sandbox = build()
    fields = await send(sandbox, "PUT", f"/v1/userfields/project/1/emailhash/{base64.b64encode(b'x@y.com').decode()}")
    push = {**PUSH, "email": "New.Person@gmial.com"}

    queued = await ask(sandbox, "POST", "/v1/push/system", push)

    assert fields.status_code == 404
    assert queued["queued"] is True
    user = sandbox.store.find_by_email(1, "new.person@gmail.com")
    assert user is not None
    assert (user.name, user.email, user.sends) == ("John", "New.Person@gmail.com", 1)


@pytest.mark.parametrize(
    "body",
    [
        PUSH,
        {"type_id": 1, "category": 1, "client_id": 123, "project_id": 1, "data": {"user": {"email": PUSH["email"]}}},
        {"type_id": 1, "project_id": 1, "user": {"email": PUSH["email"]}, "value_encrypt": {"template_data": []}},
        {"type_id": 1, "project_id": 1, "email": PUSH["email"], "data": {"user": [], "meta": []}},
        {"type_id": "1", "project_id": "1", "email": PUSH["email"], "data": []},
    ],
    ids=["sdk", "guide", "go", "php empties", "texts"],
)
async def test_push_bodies_in_use_are_all_taken(body: dict[str, Any]) -> None:
    """Three shapes are in use (facts, 4.3), and PHP sends empty objects as arrays."""
    sandbox = build()

    await ask(sandbox, "POST", "/v1/push/system", body)

    assert sandbox.store.find_by_email(1, "new@example.net") is not None


async def test_a_person_just_mailed_is_unknown_for_a_while() -> None:
    """A 200 only says that the mail was taken."""
    sandbox = build(unknown_reads=1)
    await ask(sandbox, "POST", "/v1/push/system", PUSH)

    replies = [await send(sandbox, "GET", "/v1/user/project/1/email/new@example.net") for _ in range(2)]

    assert [reply.status_code for reply in replies] == [404, 200]


async def test_wrong_fields_are_refused_together() -> None:
    """The guide's example of a validation error."""
    values = {"language": "ua", "gender": "male", "vip": "yes"}

    reply = await send(build(), "PUT", f"/v1/userfields/user/{USER}", values)

    assert reply.status_code == 409
    assert reply.json()["data"] == {
        "errorCode": 409,
        "message": "Validation error",
        "errors": {
            "language": "Field language is not valid language code: ua",
            "gender": "Field gender must be a part of list: m, f",
            "vip": "Field vip does not match the required format",
        },
    }


async def test_unknown_fields_are_taken_or_refused() -> None:
    """The present page and the old guide differ."""
    refused = await send(build(unknown_fields="refuse"), "PUT", f"/v1/userfields/user/{USER}", {"field2": 1})

    assert await ask(build(), "PUT", f"/v1/userfields/user/{USER}", {"field2": "x"}) == {"result": True}
    assert refused.json()["data"]["errors"] == {"field2": "Can't find user field: field2"}


async def test_opting_out_and_in() -> None:
    """False or an object, false or a word, and an administrator's second click says no."""
    sandbox = build()

    before = await ask(sandbox, "GET", f"/v1/unsub/isunsub/{USER}")
    first = await ask(sandbox, "POST", f"/v1/unsub/admin/1/email/{ENCODED}")
    second = await ask(sandbox, "POST", f"/v1/unsub/admin/1/email/{ENCODED}")
    state = await ask(sandbox, "GET", f"/v1/unsub/isunsub/{USER}")
    reason = await ask(sandbox, "GET", f"/v1/unsub/unsubreason/{USER}")
    await ask(sandbox, "DELETE", f"/v1/unsub/{USER}")
    after = await ask(sandbox, "GET", f"/v1/unsub/unsubreason/{USER}")

    assert (before, after) == ({"result": False}, {"result": False})
    assert (first, second, reason) == ({"unsub": True}, {"unsub": False}, {"result": "admin"})
    assert {"project_id", "user_id", "source_id", "meta", "created_at", "updated_at"} == set(state["result"])


async def test_types_are_added_removed_and_replaced() -> None:
    """`nodiff` adds and removes, the plain path replaces, `all` clears; DELETE carries a body."""
    sandbox = build()

    async def off() -> list[int]:
        rows = await ask(sandbox, "GET", f"/v1/unsubtypes/{USER}")
        return [row["type_id"] for row in rows if row["unsubscribed"]]

    seen = []
    for method, path, body in [
        ("POST", "unsubtypes/nodiff", {"type_ids": [4, "5"]}),
        ("DELETE", "unsubtypes/nodiff", {"type_ids": [4]}),
        ("POST", "unsubtypes", {"type_ids": [3]}),
        ("DELETE", "unsubtypes/all", None),
    ]:
        await ask(sandbox, method, f"/v1/{path}/{USER}", body)
        seen.append(await off())

    assert seen == [[4, 5], [5], [3], []]


async def test_webpush_round_trip() -> None:
    """The calls the SDK makes after one another."""
    sandbox = build()
    made = await ask(
        sandbox, "POST", "/v1/webpush/project/1", {"user_id": USER, "meta": {"url": "https://push.example/1"}}
    )
    found = (await ask(sandbox, "GET", f"/v1/webpush/user/get/{USER}"))["result"]
    again = (await ask(sandbox, "GET", f"/v1/webpush/project/get/1/hash/{found['hash']}"))["result"]
    await ask(sandbox, "POST", f"/v1/webpush/unsubscribe/{found['id']}")
    off = (await ask(sandbox, "GET", f"/v1/webpush/user/get/{USER}"))["result"]["unsubscribed"]
    await ask(sandbox, "DELETE", f"/v1/webpush/subscribe/{found['id']}")

    assert (made["push_user_id"], again, off) == (found["id"], found, True)
