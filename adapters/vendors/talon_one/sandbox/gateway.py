"""
The Third-party API of the shared gateway: `/cdp`, and `/segment`, which mirrors it.

Source: vendors/facts.md, 5.2. TRAP: the tutorial's bulk path `/cdp/customer_profile/audiences` (singular) is the path
of one profile whose id is "audiences": it answers 200 and writes that profile.
"""

from typing import Any

from adapters.sandbox import Reply

from .attributes import check_attributes
from .calls import CREATED, NO_CONTENT, Call, Route, reply_json
from .changes import Changes, check_amount, read_changes
from .refusals import BAD_REQUEST, CONFLICT, Refusal, not_found, refuse_value
from .store import ACCOUNT_ID, Audience, Profile, Store

MAX_NAME = 1000
SEGMENT = "segment"


def update_profile(call: Call) -> Reply:
    """
    PUT a profile: attributes, and audiences by internal ids.

    Source: T1-OAS-3P: `runRuleEngine` is taken as true where audiences change, whatever it says.
    """
    body = call.read_body()
    skip = call.read_flag("skipNonExistingAttributes")
    attributes = check_attributes(_read_object(body, "attributes"), call.store.attributes, skip_unknown=skip)
    changes = read_changes(call.store, _read_object(body, "audiencesChanges"))
    check_amount([changes])
    return _write(call.store, call.ids[0], changes, attributes)


def update_profile_audiences(call: Call) -> Reply:
    """PUT the audiences of a profile, by external ids."""
    changes = read_changes(call.store, _read_object(call.read_body(), "data"), external=True)
    check_amount([changes])
    return _write(call.store, call.ids[0], changes, {})


def update_many(call: Call) -> Reply:
    """PUT the audiences of several profiles, by internal ids."""
    return _change_many(call, external=False)


def update_many_by_external_ids(call: Call) -> Reply:
    """PUT the audiences of several profiles, by external ids."""
    return _change_many(call, external=True)


def create_audience(call: Call) -> Reply:
    """POST an audience: 201, or 409 where its external id is taken."""
    body = call.read_body()
    external_id, name = _read_text(body, "audienceId"), _read_text(body, "audienceName")
    if call.store.find_external(external_id):
        raise Refusal(CONFLICT, f"The audience with the ID '{external_id}' already exists")
    created = call.store.add_audience(
        name, integration=call.platform or SEGMENT, integration_id=external_id, third_party=True
    )
    return reply_json(_show(created), CREATED)


def update_audience(call: Call) -> Reply:
    """PUT the name of an audience; real clients leave `audienceId` out (vendors/facts.md, 5.2), another one is kept."""
    audience = _find_external(call)
    audience.name = _read_text(call.read_body(), "audienceName")
    return reply_json(_show(audience))


def delete_audience(call: Call) -> Reply:
    """DELETE an audience with its memberships."""
    call.store.delete_audience(_find_external(call))
    return Reply(NO_CONTENT)


def _change_many(call: Call, *, external: bool) -> Reply:
    items = call.read_body().get("data")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise refuse_value("Invalid type", "data must be a list of objects.", pointer="/data")
    read = [
        (_read_text(item, "customerProfileId"), read_changes(call.store, item, external=external)) for item in items
    ]
    check_amount([changes for _, changes in read])
    for profile_id, changes in read:
        changes.make(call.store, call.store.write_profile(profile_id, {}))
    return Reply(NO_CONTENT)


def _write(store: Store, profile_id: str, changes: Changes, attributes: dict[str, Any]) -> Reply:
    profile = store.write_profile(profile_id, attributes)
    changes.make(store, profile)
    return reply_json(show_state(store, profile))


def show_state(store: Store, profile: Profile) -> dict[str, Any]:
    """The integration state, of an account without campaigns. Source: T1-OAS-3P, IntegrationStateV2."""
    shown = store.show_profile(profile)
    return {"customerProfile": shown, "effects": [], "createdCoupons": [], "createdReferrals": []}


def _show(audience: Audience) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT_ID,
        "created": audience.created,
        "id": audience.id,
        "name": audience.name,
        "integration": audience.integration,
        "integrationId": audience.integration_id,
    }


def _find_external(call: Call) -> Audience:
    found = call.store.find_external(call.ids[0], call.platform or SEGMENT)
    if found is None:
        raise not_found()
    return found


def _read_object(body: dict[str, Any], name: str) -> dict[str, Any]:
    found = body.get(name) or {}
    if not isinstance(found, dict):
        raise refuse_value("Invalid type", f"{name} must be an object.", pointer=f"/{name}")
    return found


def _read_text(body: dict[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not 1 <= len(found) <= MAX_NAME:
        raise Refusal(BAD_REQUEST, f"{name} must be a text of 1 to {MAX_NAME} characters")
    return found


ROUTES = (
    Route("PUT", "/cdp/customer_profile/{}", update_profile),
    Route("PUT", "/cdp/customer_profile/{}/audiences", update_profile_audiences),
    Route("PUT", "/cdp/customer_profiles/audiences", update_many),
    Route("PUT", "/cdp/v2/customer_profiles/audiences", update_many_by_external_ids),
    Route("POST", "/cdp/audiences", create_audience),
    Route("PUT", "/cdp/audiences/{}", update_audience),
    Route("DELETE", "/cdp/audiences/{}", delete_audience),
    Route("PUT", "/segment/customer_profile/{}", update_profile),
    Route("PUT", "/segment/v2/customer_profiles/audiences", update_many_by_external_ids),
    Route("PUT", "/segment/v2/customer_profiles/{}", update_profile),
    Route("PUT", "/segment/customer_profiles/audiences", update_many),
    Route("PUT", "/segment/customer_profiles/{}/audiences", update_profile_audiences),
    Route("POST", "/segment/audiences", create_audience),
    Route("PUT", "/segment/audiences/{}", update_audience),
    Route("DELETE", "/segment/audiences/{}", delete_audience),
)
