"""The vendor's own JavaScript client against the sandbox by real HTTP: every audience call it has."""

import pytest

from adapters.vendors.talon_one.sandbox import Sandbox
from tests.adapters.vendors.talon_one.world import serving
from tests.served_fixture import RunNode

pytestmark = pytest.mark.node

MADE_CALLS = {"getAudiences", "updateCustomerProfileAudiences"}
"""The audience calls `tests/node/talon_one.mjs` makes; audiences also change with a profile."""


def test_every_audience_call_works(sandbox: Sandbox, run_node: RunNode) -> None:
    """A company that uses the vendor's client could not try it out here."""
    with serving(sandbox) as address:
        found = run_node("talon_one.mjs", address, sandbox.keys.integration, sandbox.keys.management)

    last = max(sandbox.store.audiences)
    assert set(found["known"]) == MADE_CALLS
    assert found["audience"] == {"id": last, "name": sandbox.store.audiences[last].name}
    assert last in found["joined"]
    assert {key for key, audiences in found["members"] if last in audiences} == {"c 1", "shop/42"}
    assert found["refused"] == 404
    assert [call.line for call in sandbox.calls.entries][:2] == [
        "GET /v1/audiences?pageSize=1&sort=-id&withTotalResultSize=true",
        "PUT /v2/customer_profiles/c 1?runRuleEngine=true",
    ]
