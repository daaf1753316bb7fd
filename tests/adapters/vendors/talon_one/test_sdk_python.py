"""The vendor's own Python client against the sandbox by real HTTP: every audience call it has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import talon_one

from adapters.vendors.talon_one.sandbox import Sandbox
from tests.adapters.vendors.talon_one.world import serving


@dataclass
class Recorder:
    """One of the client's APIs, and the names of the calls made by it."""

    api: Any
    called: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(self.api, name)

    @property
    def audience_calls(self) -> set[str]:
        names = {name for name in dir(type(self.api)) if "audience" in name and not name.endswith("_with_http_info")}
        assert names
        return names


@dataclass(frozen=True)
class Client:
    """The client's two APIs over one sandbox."""

    sandbox: Sandbox
    integration: Recorder
    management: Recorder

    def members(self, audience_id: int) -> list[str]:
        return [row.integration_id for row in self.management.get_audience_memberships(audience_id).data]


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    """Real HTTP on a free port, and the keys as the client wants them."""
    with serving(sandbox) as address:

        def connect(kind: str, key: str) -> Any:
            prefix, keys = {"Authorization": kind}, {"Authorization": key}
            return talon_one.ApiClient(talon_one.Configuration(address, api_key_prefix=prefix, api_key=keys))

        with (
            connect("ApiKey-v1", sandbox.keys.integration) as integration,
            connect("ManagementKey-v1", sandbox.keys.management) as management,
        ):
            yield Client(
                sandbox,
                Recorder(talon_one.IntegrationApi(integration)),
                Recorder(talon_one.ManagementApi(management)),
            )


def test_every_audience_call_works(client: Client) -> None:
    """A company that uses the vendor's client could not try it out here."""
    created = _create_and_rename(client)
    _change_members(client, created.id)
    _list_and_count(client, created.id)
    _import_and_export(client, created.id)
    _delete(client, created.id)

    assert client.integration.called >= client.integration.audience_calls
    assert client.management.called >= client.management.audience_calls


def _create_and_rename(client: Client) -> Any:
    body = talon_one.NewAudience(name="VIP", integration="segment", integration_id="ext1")
    created = client.integration.create_audience_v2(body)
    assert (created.name, created.integration, created.integration_id) == ("VIP", "segment", "ext1")

    renamed = client.integration.update_audience_v2(created.id, talon_one.UpdateAudience(name="Very"))
    assert (renamed.id, renamed.name) == (created.id, "Very")
    return created


def _change_members(client: Client, audience_id: int) -> None:
    changes = talon_one.ProfileAudiencesChanges(adds=[audience_id], deletes=[])
    body = talon_one.CustomerProfileIntegrationRequestV2(
        attributes={"Tier": "gold"}, audiences_changes=changes, response_content=["customerProfile"]
    )
    state = client.integration.update_customer_profile_v2("c 1", body, run_rule_engine=True)
    assert audience_id in [each.id for each in state.customer_profile.audience_memberships]

    items = [
        talon_one.CustomerProfileAudienceRequestItem(action=action, profile_integration_id=key, audience_id=audience_id)
        for action, key in (("add", "shop/42"), ("add", "50%"), ("delete", "c 1"))
    ]
    client.integration.update_customer_profile_audiences(talon_one.CustomerProfileAudienceRequest(data=items))
    assert client.members(audience_id) == ["shop/42", "50%"]

    client.integration.update_audience_customers_attributes(audience_id, {"attributes": {"Tier": "silver"}})
    found = client.management.get_customers_by_attributes({"integrationIDs": ["shop/42", "50%"]})
    assert [row.attributes["Tier"] for row in found.data] == ["silver", "silver"]


def _list_and_count(client: Client, audience_id: int) -> None:
    page = client.management.get_audiences(page_size=2, skip=0, sort="-id", with_total_result_size=True)
    assert ([each.id for each in page.data], page.total_result_size) == ([audience_id, audience_id - 1], audience_id)
    assert client.management.get_audiences(page_size=2).has_more is True

    sizes = client.management.get_audiences_analytics(f"{audience_id},5")
    assert [(each.audience_id, each.members_count) for each in sizes.data] == [(audience_id, 2), (5, 0)]

    found = client.management.get_audience_memberships(audience_id, page_size=1, sort="-id", profile_query="shop")
    assert ([row.integration_id for row in found.data], found.has_more) == (["shop/42"], False)


def _import_and_export(client: Client, audience_id: int) -> None:
    file = "profileintegrationid\nkunde-ü\na/b c\n"
    taken = client.management.import_audiences_memberships(audience_id, up_file=file)
    assert taken.amount == 2
    exported = client.management.export_audiences_memberships(audience_id)
    assert sorted(exported.splitlines()) == sorted(file.splitlines())


def _delete(client: Client, audience_id: int) -> None:
    client.integration.delete_audience_memberships_v2(audience_id)
    assert client.members(audience_id) == []
    client.integration.delete_audience_v2(audience_id)
    assert audience_id not in client.sandbox.store.audiences


def test_refusals_reach_the_client(client: Client) -> None:
    """The client reads status and body; a refusal it cannot read would look like a broken server."""
    taken = talon_one.NewAudience(name="VIP", integration="segment", integration_id="ext 1")

    with pytest.raises(talon_one.ApiException) as conflict:
        client.integration.create_audience_v2(taken)
    with pytest.raises(talon_one.ApiException) as missing:
        client.management.get_audience_memberships(999)
    client.management.api.api_client.configuration.api_key["Authorization"] = "wrong"
    with pytest.raises(talon_one.ApiException) as unknown:
        client.management.get_audiences()

    assert [error.value.status for error in (conflict, missing, unknown)] == [409, 404, 401]
    assert "already exists" in conflict.value.body


def test_customers_are_read_by_the_client(client: Client) -> None:
    """What the adapter reads by, the vendor's client reads by too."""
    listed = client.management.get_customer_profiles(page_size=3)
    read = client.management.get_customer_profile(listed.data[0].id)
    known = client.management.get_attributes(entity="CustomerProfile")

    assert (read.integration_id, listed.has_more) == ("crm-000001", True)
    assert "Email" in [each.name for each in known.data]


def test_parameters_arrive_as_recorded(client: Client) -> None:
    """This client writes `True`, and sends the ids of audiences as one text. Source: facts, 5.6."""
    client.management.get_audiences(page_size=50, skip=0, sort="-id", with_total_result_size=True)
    client.management.get_audiences_analytics("1,2")

    assert [call.line for call in client.sandbox.calls.entries] == [
        "GET /v1/audiences?pageSize=50&skip=0&sort=-id&withTotalResultSize=True",
        "GET /v1/audiences/analytics?audienceIds=1,2",
    ]
