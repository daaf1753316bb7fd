"""Faults of the vendor through the whole adapter: the right error for its own key, and never somebody else."""

from pathlib import Path
from typing import Any

import pytest

from adapters.errors import CapabilityError, FacadeError, VendorAuthError, VendorContractError, VendorError
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.sandbox.cast import CAST
from tests.adapters.vendors.taguchi_v5.world import World, build_world, scope

SUBSCRIBER = Entity.SUBSCRIBER
THOMAS = CAST[0]
THOMAS_ID = "121293458"


async def by_value(world: World, name: str, *values: str) -> dict[str, Any]:
    """Look people up by a value."""
    return dict(
        await world.adapter.fetch_by_values(SUBSCRIBER, name, values, scope(), parts=frozenset(), purpose="test")
    )


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("html"), VendorContractError),
        (Fault("empty"), VendorContractError),
        (Fault("truncate"), VendorContractError),
        (Fault("json", body=b'"text"'), VendorContractError),
        (Fault("json", body=b"[[1]]"), VendorContractError),
        (Fault("json", body=b'{"code":200,"name":"OK","description":""}'), VendorContractError),
        (Fault("json", body=b'{"code":401,"name":"Unauthorized","description":""}'), VendorAuthError),
        (Fault("json", body=b'[{"code":"401","name":"Unauthorized"}]'), VendorAuthError),
        (Fault("status", status=404), VendorContractError),
        (Fault("status", status=401), VendorAuthError),
        (Fault("status", status=418), VendorContractError),
        (Fault("redirect", location="https://elsewhere.example"), VendorContractError),
        (Fault("missing_field", field="id"), VendorContractError),
        (Fault("missing_field", field="email"), VendorContractError),
        (Fault("retyped_field", field="email", value="other@example.com"), VendorContractError),
        (Fault("retyped_field", field="lists", value="none"), VendorContractError),
        (Fault("retyped_field", field="unsubscribedTimestamp", value="soon"), VendorContractError),
        (Fault("retyped_field", field="firstname", value=[]), VendorContractError),
    ],
    ids=lambda value: f"{value.kind} {value.status or value.body!r} {value.field}" if isinstance(value, Fault) else "",
)
async def test_bad_answers_are_errors_of_their_kind(tmp_path: Path, fault: Fault, kind: type[VendorError]) -> None:
    """A vendor's failure would be nobody found, or a wrong person."""
    world = build_world(tmp_path)
    world.sandbox.faults.add(fault)

    found = await by_value(world, "email", THOMAS.email)

    error = found[THOMAS.email]
    assert type(error) is kind
    assert not any(word in str(error) for word in (THOMAS.email, "Thomas_1", "sandbox-token", "127.0.0.1"))


@pytest.mark.parametrize(
    "fault",
    [
        Fault("retyped_field", field="id", value=THOMAS_ID),
        Fault("retyped_field", field="lists", value=None),
        Fault("retyped_field", field="lists", value={}),
        Fault("retyped_field", field="custom", value=[]),
        Fault("retyped_field", field="postcode", value=2000),
        Fault("extra_field", field="unheardOf", value={"a": 1}),
        Fault("extra_field", field="code", value=500),
        Fault("missing_field", field="custom"),
        Fault("duplicate_rows"),
        Fault("content_type", content_type="text/html"),
    ],
    ids=lambda fault: f"{fault.kind} {fault.field} {fault.value!r}",
)
async def test_sound_people_are_read_from_odd_answers(tmp_path: Path, fault: Fault) -> None:
    """Numbers as text, `[]` for `{}`, more columns than asked for: the person is there all the same."""
    world = build_world(tmp_path)
    world.sandbox.faults.add(fault)

    found = await by_value(world, "email", THOMAS.email)

    assert [record.id for record in found[THOMAS.email]] == [THOMAS_ID]


@pytest.mark.parametrize("body", [b"[]", b"{}", b"null"])
async def test_nothing_in_webhook_mode_is_not_nobody(tmp_path: Path, body: bytes) -> None:
    """Where every answer is 200, an empty one may stand for any failure."""
    plain, webhook = build_world(tmp_path), build_world(tmp_path, {"webhook_mode": True})
    for world in (plain, webhook):
        world.sandbox.faults.add(Fault("json", body=body))

    assert (await by_value(plain, "email", THOMAS.email))[THOMAS.email] == ()
    assert isinstance((await by_value(webhook, "email", THOMAS.email))[THOMAS.email], VendorContractError)


async def test_webhook_mode_tells_who_is_there_and_who_is_not(tmp_path: Path) -> None:
    """The statuses inside 200 are all there is to go by."""
    world = build_world(tmp_path, {"webhook_mode": True})

    found = await by_value(world, "email", THOMAS.email, "nobody@example.com")

    assert [record.id for record in found[THOMAS.email]] == [THOMAS_ID]
    assert found["nobody@example.com"] == ()


@pytest.mark.parametrize("webhook_mode", [False, True])
async def test_a_wrong_token_is_an_error_of_credentials(tmp_path: Path, webhook_mode: bool) -> None:
    """A wrong secret would be nobody found, or be shown."""
    world = build_world(tmp_path, {"webhook_mode": webhook_mode}, auth={"token": "hunter2"})

    found = await by_value(world, "email", THOMAS.email)

    error = found[THOMAS.email]
    assert isinstance(error, VendorAuthError)
    assert "hunter2" not in str(error) + str(vars(error))


async def test_a_refused_read_says_what_the_vendor_said(tmp_path: Path) -> None:
    """A switch that is off at Taguchi alone must be found by the operator."""
    world = build_world(tmp_path)
    closed = build_world(tmp_path, {"allow_retrieval": False}, openapi=None, allow_retrieval=True)

    assert isinstance(await _error_of(by_value(closed, "email", "x@example.com")), CapabilityError)
    world.sandbox.faults.add(
        Fault("json", body=b'{"code":403,"name":"Forbidden","description":"Retrieval is <b>off</b>"}')
    )
    found = await by_value(world, "email", THOMAS.email)
    assert found[THOMAS.email].vendor_message == "Retrieval is off"


async def _error_of(asked: Any) -> FacadeError | None:
    try:
        await asked
    except FacadeError as error:
        return error
    return None
