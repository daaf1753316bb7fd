"""The emulated CDP API, by its document and every recorded request of its family."""

import base64
from typing import Any

import httpx
import pytest

from adapters.vendors.talon_one.sandbox import Sandbox
from tests.adapters.vendors.talon_one.world import GATEWAY_HEADERS, KEYS

SEGMENT_HEADERS = {name: GATEWAY_HEADERS[name] for name in ("Authorization", "destination-hostname")}


def error_of(reply: httpx.Response) -> tuple[int, str]:
    body = reply.json()
    assert body.keys() == {"StatusCode", "Error", "RequestUUID"}
    assert body["StatusCode"] == reply.status_code
    return reply.status_code, body["Error"]


def audiences_of(sandbox: Sandbox, integration_id: str) -> list[int]:
    return list(sandbox.store.profiles[False, integration_id].audiences)


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        ("destination-hostname", (400, "No Deployment URL specified")),
        ("Authorization", (401, "Missing Session Token")),
        ("customer-data-platform-name", (400, "No Customer Data Platform name specified")),
    ],
)
async def test_every_header_is_needed(gateway: httpx.AsyncClient, left_out: str, expected: tuple[int, str]) -> None:
    """A header the adapter forgets would only be missed at the vendor. Source: facts, 5.1."""
    del gateway.headers[left_out]

    reply = await gateway.delete("/cdp/audiences/nobody")

    assert error_of(reply) == expected


@pytest.mark.parametrize("key", [KEYS.integration, KEYS.management, "", "x"])
async def test_a_key_of_another_api_is_none(gateway: httpx.AsyncClient, key: str) -> None:
    """Three APIs have three keys; one taken for another would work here and nowhere else."""
    reply = await gateway.delete("/cdp/audiences/nobody", headers={"Authorization": f"ApiKey-v1 {key}"})

    assert reply.status_code == 401


async def test_the_key_may_come_as_a_user_name(gateway: httpx.AsyncClient) -> None:
    """The published document defines this form too. Source: facts, 5.1."""
    word = base64.b64encode(f"ApiKey-v1 {KEYS.cdp}:".encode()).decode()

    reply = await gateway.delete("/cdp/audiences/nobody", headers={"Authorization": f"Basic {word}"})

    assert reply.status_code == 204


async def test_another_deployment_is_not_here(gateway: httpx.AsyncClient) -> None:
    """A source with a wrong deployment would write into whatever answers."""
    reply = await gateway.delete("/cdp/audiences/nobody", headers={"destination-hostname": "other.talon.one"})

    assert error_of(reply) == (404, "Not Found")


async def test_audiences_are_created_renamed_and_deleted(sandbox: Sandbox, gateway: httpx.AsyncClient) -> None:
    """The document's three audience calls, with an id that holds a blank. Source: facts, 5.2."""
    created = await gateway.post("/cdp/audiences", json={"audienceId": "ext 2", "audienceName": "VIP"})
    assert created.status_code == 201
    assert created.json() == {
        "accountId": 31,
        "created": "2025-01-17T00:00:00Z",
        "id": 33,
        "name": "VIP",
        "integration": "My CDP platform",
        "integrationId": "ext 2",
    }
    again = await gateway.post("/cdp/audiences", json={"audienceId": "ext 2", "audienceName": "VIP"})
    assert error_of(again) == (409, "The audience with the ID 'ext 2' already exists")

    renamed = await gateway.put("/cdp/audiences/ext%202", json={"audienceId": "ext 2", "audienceName": "Very"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Very")
    nameless = await gateway.put("/cdp/audiences/ext%202", json={"audienceName": "Most"})
    assert (nameless.status_code, nameless.json()["name"]) == (200, "Most")

    assert (await gateway.delete("/cdp/audiences/ext%202")).status_code == 204
    assert 33 not in sandbox.store.audiences
    assert error_of(await gateway.delete("/cdp/audiences/ext%202")) == (404, "Not Found")


async def test_a_slash_in_an_id_is_part_of_it(sandbox: Sandbox, gateway: httpx.AsyncClient) -> None:
    """Read as two segments, the recorded DELETE would hit nothing or another path. Source: facts, 5.6."""
    lapsed = next(each for each in sandbox.store.audiences.values() if each.integration_id == "e/1")
    assert lapsed.members

    reply = await gateway.delete("/cdp/audiences/e%2F1")

    assert reply.status_code == 204
    assert all(lapsed.id not in profile.audiences for profile in sandbox.store.profiles.values())


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"audienceId": "x"},
        {"audienceId": "", "audienceName": "y"},
        {"audienceId": "x", "audienceName": "y" * 1001},
        [],
    ],
)
async def test_audiences_need_an_id_and_a_name(gateway: httpx.AsyncClient, body: Any) -> None:
    """The vendor takes 1 to 1000 characters of each."""
    reply = await gateway.post("/cdp/audiences", json=body)

    assert error_of(reply)[0] == 400


async def test_a_profile_is_written_with_its_audiences(sandbox: Sandbox, gateway: httpx.AsyncClient) -> None:
    """The recorded request, its id with a blank; what is not defined is passed over on demand. Source: facts, 5.6."""
    before = audiences_of(sandbox, "c 1")
    body = {
        "attributes": {"Tier": None, "Language": "english", "NoSuch": 1},
        "runRuleEngine": True,
        "audiencesChanges": {"adds": [1], "deletes": before},
    }

    refused = await gateway.put("/cdp/customer_profile/c%201", json=body)
    assert error_of(refused) == (400, 'The attribute "NoSuch" is not defined on CustomerProfile entities.')
    assert audiences_of(sandbox, "c 1") == before

    reply = await gateway.put("/cdp/customer_profile/c%201?skipNonExistingAttributes=true", json=body)
    assert reply.status_code == 200
    assert reply.json().keys() == {"customerProfile", "effects", "createdCoupons", "createdReferrals"}
    assert reply.json()["customerProfile"]["audienceMemberships"] == (
        [{"id": 1, "name": "VIP"}] if 1 not in before else []
    )
    assert sandbox.store.profiles[False, "c 1"].attributes == {"Language": "english"}


async def test_unknown_profiles_are_created(sandbox: Sandbox, gateway: httpx.AsyncClient) -> None:
    """A typing error in an id makes a new profile at the vendor, and so it must here. Source: facts, 5.2."""
    reply = await gateway.put("/cdp/customer_profile/brand-new", json={"attributes": {"Tier": "gold"}})

    assert reply.json()["customerProfile"]["integrationId"] == "brand-new"
    assert (False, "brand-new") in sandbox.store.profiles


async def test_a_profile_changes_audiences_by_external_ids(sandbox: Sandbox, gateway: httpx.AsyncClient) -> None:
    """Here ids are texts, in the sibling call integers; taken for each other they would miss."""
    body = {"data": {"adds": ["ext 1", "e/1"], "deletes": ["nobody"]}}

    reply = await gateway.put("/cdp/customer_profile/fresh/audiences", json=body)

    assert reply.status_code == 200
    assert audiences_of(sandbox, "fresh") == [1, 4]
    by_number = await gateway.put("/cdp/customer_profile/fresh/audiences", json={"data": {"adds": [1]}})
    assert error_of(by_number)[0] == 400


@pytest.mark.parametrize(
    ("path", "ids"),
    [("/cdp/customer_profiles/audiences", [1, 5]), ("/cdp/v2/customer_profiles/audiences", ["ext 1", "nobody"])],
)
async def test_many_profiles_change_audiences(
    sandbox: Sandbox, gateway: httpx.AsyncClient, path: str, ids: list[Any]
) -> None:
    """The plural paths, by internal and by external ids. Source: facts, 5.2."""
    data = [{"customerProfileId": "one", "adds": ids}, {"customerProfileId": "two", "adds": ids, "deletes": ids[:1]}]

    reply = await gateway.put(path, json={"data": data})

    assert (reply.status_code, reply.content) == (204, b"")
    assert (audiences_of(sandbox, "one"), audiences_of(sandbox, "two")) == ([1, 5], [5])


async def test_the_tutorials_path_writes_a_profile_named_audiences(
    sandbox: Sandbox, gateway: httpx.AsyncClient
) -> None:
    """The pitfall: the singular path answers 200 and changes nobody who was meant. Source: facts, 5.2, PATH."""
    data = [{"customerProfileId": "cust-00001", "adds": [5]}]

    reply = await gateway.put("/cdp/customer_profile/audiences", json={"data": data})

    assert reply.status_code == 200
    assert reply.json()["customerProfile"]["integrationId"] == "audiences"
    assert 5 not in audiences_of(sandbox, "cust-00001")


async def test_a_thousand_changes_are_the_most(sandbox: Sandbox, gateway: httpx.AsyncClient) -> None:
    """A longer request is refused whole, so that chunks are what the adapter must send."""
    data = [{"customerProfileId": f"p{number}", "adds": [1], "deletes": [2]} for number in range(501)]

    reply = await gateway.put("/cdp/customer_profiles/audiences", json={"data": data})

    assert error_of(reply)[0] == 400
    assert (False, "p0") not in sandbox.store.profiles
    assert (await gateway.put("/cdp/customer_profiles/audiences", json={"data": data[:500]})).status_code == 204


async def test_an_unknown_audience_refuses_the_whole_request(sandbox: Sandbox, gateway: httpx.AsyncClient) -> None:
    """Half of a request must not be applied before the rest is refused."""
    data = [{"customerProfileId": "p1", "adds": [1]}, {"customerProfileId": "p2", "adds": [999]}]

    reply = await gateway.put("/cdp/customer_profiles/audiences", json={"data": data})

    assert error_of(reply) == (404, "Not Found")
    assert (False, "p1") not in sandbox.store.profiles


async def test_paths_and_methods_are_those_of_the_document(gateway: httpx.AsyncClient) -> None:
    """There is no read in this API; one that worked here would be missed at the vendor."""
    assert error_of(await gateway.get("/cdp/audiences")) == (405, "Method Not Allowed")
    assert error_of(await gateway.get("/cdp/audience")) == (404, "Not Found")
    assert error_of(await gateway.put("/cdp/customer_profile/", json={})) == (404, "Not Found")


@pytest.mark.parametrize("scheme", ["", "https://"])
async def test_segments_recorded_requests_are_served(sandbox: Sandbox, gateway: httpx.AsyncClient, scheme: str) -> None:
    """A public client's own requests, without the platform's name. Source: facts, 5.6, T1-SEG."""
    gateway.headers = httpx.Headers(SEGMENT_HEADERS)
    gateway.headers["destination-hostname"] = scheme + gateway.headers["destination-hostname"]
    profile = {"audiencesChanges": {"adds": [1], "deletes": [2]}, "runRuleEngine": True, "attributes": {"Tier": "x"}}
    bulk = {"data": [{"customerProfileId": "c2", "adds": [1], "deletes": [2]}]}

    created = await gateway.post("/segment/audiences", json={"audienceId": "ext 9", "audienceName": "VIP"})
    written = await gateway.put("/segment/v2/customer_profiles/c1?skipNonExistingAttributes=true", json=profile)
    changed = await gateway.put("/segment/customer_profiles/audiences", json=bulk)
    renamed = await gateway.put("/segment/audiences/ext%209", json={"audienceName": "Very"})
    dropped = await gateway.delete("/segment/audiences/ext%209")

    statuses = [reply.status_code for reply in (created, written, changed, renamed, dropped)]
    assert statuses == [201, 200, 204, 200, 204]
    assert created.json()["integration"] == "segment"
    assert (audiences_of(sandbox, "c1"), audiences_of(sandbox, "c2")) == ([1], [1])
