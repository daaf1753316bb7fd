"""The emulated Integration and Management APIs, by their documents and every recorded request."""

from typing import Any

import httpx
import pytest

from adapters.vendors.talon_one.sandbox import Sandbox, create_sandbox
from tests.adapters.vendors.talon_one.world import KEYS


def finding_of(reply: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """The status, and the title and place of the first finding, out of a tenant's envelope."""
    body = reply.json()
    assert body.keys() == {"message", "errors", "StatusCode"}
    assert body["StatusCode"] == reply.status_code
    first = body["errors"][0]
    return reply.status_code, first["title"], first["source"]


def ids_of(reply: httpx.Response, name: str = "id") -> list[Any]:
    assert reply.status_code == 200
    return [row[name] for row in reply.json()["data"]]


async def test_keys_open_their_own_api(integration: httpx.AsyncClient, management: httpx.AsyncClient) -> None:
    """A key of one API is none of the other's; a person's session opens the Management API. Source: facts, 5.1."""
    keys = [f"ApiKey-v1 {KEYS.integration}", f"ManagementKey-v1 {KEYS.management}", f"Bearer {KEYS.session}", ""]

    reads = [(await management.get("/v1/audiences", headers={"Authorization": key})).status_code for key in keys]
    writes = [(await integration.delete("/v2/audiences/1", headers={"Authorization": key})).status_code for key in keys]

    assert (reads, writes) == ([401, 200, 200, 401], [204, 401, 401, 401])


async def test_an_audience_is_created_as_recorded(integration: httpx.AsyncClient) -> None:
    """The SDK's own request; the same id at another integration is another audience. Source: facts, 5.6."""
    body = {"name": "VIP", "integration": "segment", "integrationId": "ext1"}

    replies = [await integration.post("/v2/audiences", json=each) for each in (body, body, body | {"integration": "x"})]

    assert [reply.status_code for reply in replies] == [201, 409, 201]
    assert replies[0].json()["id"] == 33
    assert replies[1].json()["message"] == "An Audience with this ID already exists for this integration."


async def test_an_audience_is_renamed_emptied_and_deleted(sandbox: Sandbox, integration: httpx.AsyncClient) -> None:
    """Source: facts, 5.3."""
    renamed = await integration.put("/v2/audiences/1", json={"name": "Very", "subscribedApplicationsIds": [3]})
    assert (renamed.json()["name"], renamed.json()["subscribedApplicationsIds"]) == ("Very", [3])

    assert (await integration.delete("/v2/audiences/1/memberships")).status_code == 204
    assert not any(1 in profile.audiences for profile in sandbox.store.profiles.values())
    assert (await integration.delete("/v2/audiences/1")).status_code == 204
    assert (await integration.delete("/v2/audiences/1")).status_code == 404
    assert finding_of(await integration.delete("/v2/audiences/ext%201"))[:2] == (400, "Invalid type")


@pytest.mark.parametrize("flag", ["True", "true"])
async def test_a_profile_is_written_as_recorded(sandbox: Sandbox, integration: httpx.AsyncClient, flag: str) -> None:
    """Python's SDK writes `True`, the other one `true`. Source: facts, 5.6."""
    deletes = list(sandbox.store.profiles[False, "c 1"].audiences)
    body = {
        "attributes": {"Language": "english", "ShippingCountry": "DE"},
        "audiencesChanges": {"adds": [5], "deletes": deletes},
        "responseContent": ["customerProfile"],
    }

    reply = await integration.put(f"/v2/customer_profiles/c%201?runRuleEngine={flag}", json=body)

    assert reply.status_code == 200
    assert [each["id"] for each in reply.json()["customerProfile"]["audienceMemberships"]] == [5]
    assert list(sandbox.store.profiles[False, "c 1"].audiences) == [5]


async def test_both_lists_of_changes_are_needed(integration: httpx.AsyncClient) -> None:
    """The gateway wants neither, this API both. Source: facts, 5.3."""
    reply = await integration.put("/v2/customer_profiles/c1", json={"audiencesChanges": {"adds": [1]}})

    assert finding_of(reply) == (400, "Unknown", {"pointer": "/audiencesChanges"})


async def test_a_dry_run_changes_nothing(sandbox: Sandbox, integration: httpx.AsyncClient) -> None:
    """`dry` works with the rule engine alone. Source: T1-OAS-INT."""
    body = {"attributes": {"Tier": "dry"}}

    await integration.put("/v2/customer_profiles/dry-1?runRuleEngine=true&dry=true", json=body)
    await integration.put("/v2/customer_profiles/dry-2?dry=true", json=body)

    assert [(False, each) in sandbox.store.profiles for each in ("dry-1", "dry-2")] == [False, True]


async def test_a_repeated_request_with_its_key_is_answered_once(
    sandbox: Sandbox, integration: httpx.AsyncClient
) -> None:
    """A retry must not undo what came in between. Source: facts, 5.3, Idempotency-Key."""
    headers = {"Idempotency-Key": "k1"}
    body = {"attributes": {"Tier": "first"}, "responseContent": ["customerProfile"]}
    first = await integration.put("/v2/customer_profiles/c1", json=body, headers=headers)
    await integration.put("/v2/customer_profiles/c1", json={"attributes": {"Tier": "second"}})

    again = await integration.put("/v2/customer_profiles/c1", json=body, headers=headers)

    assert again.content == first.content
    assert sandbox.store.profiles[False, "c1"].attributes["Tier"] == "second"


async def test_several_profiles_are_written(integration: httpx.AsyncClient) -> None:
    """Silent unless told otherwise; a thousand at the most. Source: facts, 5.3."""
    body = {"customerProfiles": [{"integrationId": "a", "attributes": {"Points": 5}}, {"integrationId": "b"}]}
    many = {"customerProfiles": [{"integrationId": str(number)} for number in range(1001)]}

    silent = await integration.put("/v2/customer_profiles", json=body)
    told = await integration.put("/v2/customer_profiles?silent=no", json=body)
    refused = await integration.put("/v2/customer_profiles", json=many)

    assert (silent.status_code, told.status_code, refused.status_code) == (204, 200, 400)
    shown = [state["customerProfile"]["integrationId"] for state in told.json()["integrationStates"]]
    assert shown == ["a", "b"]


async def test_members_are_changed_as_recorded(sandbox: Sandbox, integration: httpx.AsyncClient) -> None:
    """Source: facts, 5.6."""
    change = {"action": "add", "profileIntegrationId": "c 1", "audienceId": 5}

    added = await integration.post("/v2/customer_audiences", json={"data": [change]})
    assert (added.status_code, 5 in sandbox.store.profiles[False, "c 1"].audiences) == (204, True)
    removed = await integration.post("/v2/customer_audiences", json={"data": [change | {"action": "delete"}]})
    assert (removed.status_code, 5 in sandbox.store.profiles[False, "c 1"].audiences) == (204, False)
    unknown = await integration.post("/v2/customer_audiences", json={"data": [change | {"action": "drop"}]})
    assert finding_of(unknown)[:2] == (400, "enum")


async def test_attributes_are_written_into_every_member(sandbox: Sandbox, integration: httpx.AsyncClient) -> None:
    """Source: facts, 5.3."""
    members = sandbox.store.audiences[2].members

    reply = await integration.put("/v2/audience_customers/2/attributes", json={"attributes": {"Tier": "everyone"}})

    assert reply.status_code == 204
    written = {each.id for each in sandbox.store.profiles.values() if each.attributes.get("Tier") == "everyone"}
    assert written == set(members)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"NoSuch": 1}, (400, "Unknown", {"pointer": "/attributes/NoSuch"})),
        ({"Points": "5"}, (400, "Invalid type", {"pointer": "/attributes/Points"})),
        ({"Newsletter": 1}, (400, "Invalid type", {"pointer": "/attributes/Newsletter"})),
        ({"SignupDate": "2026-01-21"}, (400, "Invalid type", {"pointer": "/attributes/SignupDate"})),
        ({"Interests": [1]}, (400, "Invalid type", {"pointer": "/attributes/Interests"})),
    ],
    ids=str,
)
async def test_attributes_have_types(
    integration: httpx.AsyncClient, attributes: dict[str, Any], expected: tuple[int, str, dict[str, str]]
) -> None:
    """An attribute that was never defined is refused at the vendor. Source: facts, 5.2 and 5.5."""
    reply = await integration.put("/v2/customer_profiles/c1", json={"attributes": attributes})

    assert finding_of(reply) == expected


async def test_audiences_are_listed_as_recorded(management: httpx.AsyncClient) -> None:
    """A total or a word on whether more follow, never both. Source: facts, 5.4 and 5.6."""
    reply = await management.get("/v1/audiences?pageSize=50&skip=0&sort=-id&withTotalResultSize=True")
    assert reply.json().keys() == {"data", "totalResultSize"}
    assert (ids_of(reply), reply.json()["totalResultSize"]) == (list(range(32, 0, -1)), 32)

    page = await management.get("/v1/audiences?pageSize=2&skip=30")
    assert (ids_of(page), page.json()["hasMore"]) == ([31, 32], False)
    assert (await management.get("/v1/audiences?pageSize=2&skip=29")).json()["hasMore"] is True
    assert ids_of(await management.get("/v1/audiences?skip=100")) == []


@pytest.mark.parametrize(
    "query", ["pageSize=0", "pageSize=1001", "pageSize=x", "skip=-1", "sort=integration", "withTotalResultSize=1"]
)
async def test_parameters_have_bounds(management: httpx.AsyncClient, query: str) -> None:
    """A parameter out of its bounds must not pass for its default."""
    assert finding_of(await management.get(f"/v1/audiences?{query}"))[0] == 400


async def test_sizes_are_told_by_audience(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    """One that is not there has no row; a thousand at the most. Source: facts, 5.4."""
    reply = await management.get("/v1/audiences/analytics", params={"audienceIds": "5,2,99"})
    assert reply.json()["data"] == [
        {"audienceId": 5, "membersCount": 0},
        {"audienceId": 2, "membersCount": len(sandbox.store.audiences[2].members)},
    ]

    many = ",".join(map(str, range(1, 1002)))
    assert (await management.get("/v1/audiences/analytics", params={"audienceIds": many})).status_code == 400
    assert (await management.get("/v1/audiences/analytics")).status_code == 400


async def test_members_are_whole_profiles(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    """Source: facts, 5.4; an audience that is not there is a 404."""
    audience = max(sandbox.store.audiences.values(), key=lambda each: len(each.members))

    reply = await management.get(f"/v1/audiences/{audience.id}/memberships?pageSize=1000")

    assert sorted(ids_of(reply)) == sorted(audience.members)
    for row in reply.json()["data"]:
        assert {"id": audience.id, "name": audience.name} in row["audienceMemberships"]
        assert row.keys() >= {"integrationId", "attributes", "closedSessions", "totalSales", "lastActivity", "created"}
    found = await management.get(f"/v1/audiences/{audience.id}/memberships?profileQuery=CUST-0000")
    assert 0 < len(ids_of(found)) < len(audience.members)
    assert (await management.get("/v1/audiences/99/memberships")).status_code == 404


async def test_members_are_imported_and_exported(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    """An import replaces what was there. Source: facts, 5.4."""
    file = "profileintegrationid\nshop/42\nkunde-ü\nshop/42\n"

    reply = await management.post("/v1/audiences/1/memberships/import", files={"upFile": ("members.csv", file)})
    assert (reply.status_code, reply.json()["amount"]) == (200, 2)

    exported = await management.get("/v1/audiences/1/memberships/export")
    assert exported.text == "profileintegrationid\nshop/42\nkunde-ü\n"
    assert exported.headers["content-type"] == "application/csv"
    wrong = await management.post("/v1/audiences/1/memberships/import", files={"upFile": ("x.csv", "name\nx\n")})
    assert finding_of(wrong) == (400, "Unknown", {"line": "1"})
    assert len(sandbox.store.audiences[1].members) == 2


async def test_customers_are_listed_by_environment(management: httpx.AsyncClient) -> None:
    """Live and sandbox profiles never stand in one list."""
    live = await management.get("/v1/customers/no_total?pageSize=3")
    tries = await management.get("/v1/customers/no_total?sandbox=true")

    assert (len(ids_of(live)), live.json()["hasMore"]) == (3, True)
    assert ids_of(tries, "integrationId") == ["cust-00001", "try-1", "try-2"]


async def test_a_customer_is_read_by_its_internal_id(management: httpx.AsyncClient) -> None:
    """The integration id is no address here. Source: facts, 5.4."""
    assert (await management.get("/v1/customers/1")).json()["integrationId"] == "crm-000001"
    assert (await management.get("/v1/customers/9999")).status_code == 404
    assert (await management.get("/v1/customers/crm-000001")).status_code == 400


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"attributes": {"Email": "thomas_1@example.com"}}, ["crm-000001"]),
        ({"attributes": {"Email": "THOMAS_1@example.com"}}, []),
        ({"attributes": {"Email": "thomas_1@example.com", "Phone": "+61489701378"}}, ["crm-000001"]),
        ({"attributes": {"Email": "thomas_1@example.com", "Phone": "+61467675436"}}, []),
        ({"integrationIDs": ["shop/42", "kunde-ü", "no one"]}, ["shop/42", "kunde-ü"]),
        ({"profileIDs": [1, 2, 9999]}, ["crm-000001", "crm-000005"]),
        ({"profileIDs": [1], "integrationIDs": ["shop/42"]}, []),
    ],
    ids=str,
)
async def test_customers_are_searched_for_exactly(
    management: httpx.AsyncClient, body: dict[str, Any], expected: list[str]
) -> None:
    """All attributes must match, letter by letter. Source: T1-OAS-MGMT, getCustomersByAttributes."""
    reply = await management.post("/v1/customer_search/no_total", json=body)

    assert ids_of(reply, "integrationId") == expected


async def test_a_search_by_an_attribute_that_is_not_defined_is_refused(management: httpx.AsyncClient) -> None:
    """A misspelt attribute must not pass for a person nobody knows."""
    reply = await management.post("/v1/customer_search/no_total", json={"attributes": {"EMail": "x"}})

    assert finding_of(reply) == (400, "Unknown", {"pointer": "/attributes/EMail"})


async def test_attributes_are_defined_and_listed(management: httpx.AsyncClient, integration: httpx.AsyncClient) -> None:
    """What was defined can be written from then on. Source: facts, 5.4."""
    made = await management.post("/v1/attributes", json={"name": "ShoeSize", "type": "number"})
    assert made.status_code == 201
    assert (await management.post("/v1/attributes", json={"name": "ShoeSize", "type": "number"})).status_code == 409

    written = await integration.put("/v2/customer_profiles/c1", json={"attributes": {"ShoeSize": 43}})
    assert written.status_code == 200
    custom = await management.get("/v1/attributes?kind=custom&sort=-id&entity=CustomerProfile")
    assert ids_of(custom, "name")[0] == "ShoeSize"
    assert "Email" not in ids_of(custom, "name")


def test_the_made_up_account_is_always_the_same() -> None:
    """A test that fails must fail again."""
    one, two, other = (create_sandbox(seed=seed).store for seed in (3, 3, 4))

    shown = [list(map(store.show_profile, store.list_profiles())) for store in (one, two, other)]
    assert shown[0] == shown[1]
    assert shown[0] != shown[2]


def test_the_account_knows_the_cast_in_its_own_writing(sandbox: Sandbox) -> None:
    """Without them nobody would be the same person in two sources; alike in all, nothing would be compared."""
    known = [sandbox.store.find_profile(number) for number in range(1, 19)]

    assert all(profile.integration_id.startswith("crm-") for profile in known)
    emails = [profile.attributes["Email"] for profile in known]
    assert any("+promo@" in email for email in emails)
    assert any(email != email.lower() for email in emails)
    phones = [profile.attributes["Phone"] for profile in known]
    assert {phone[:3] for phone in phones} == {"+61", "614", *(phone[:3] for phone in phones if phone[0] == "0")}
