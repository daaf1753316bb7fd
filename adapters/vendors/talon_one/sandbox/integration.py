"""
The Integration API's profile and audience parts.

Source: vendors/facts.md, 5.3; T1-OAS-INT. There is no campaign in this account, so no effect is ever returned.
"""

from typing import Any

from adapters.sandbox import Reply

from .attributes import check_attributes
from .calls import CREATED, MAX_CHANGES, NO_CONTENT, Call, Route, reply_json
from .changes import Changes, read_changes
from .refusals import CONFLICT, Refusal, refuse_value
from .store import Audience, Profile

MAX_PROFILES = 1000
SILENT = {"yes": True, "no": False}


def update_profile(call: Call) -> Reply:
    """
    PUT a profile; nothing is kept of a dry run, which needs `runRuleEngine`.

    The profile is in the reply where `responseContent` names it.
    """
    body = call.read_body()
    runs = call.read_flag("runRuleEngine")
    attributes = check_attributes(body.get("attributes") or {}, call.store.attributes)
    given = body.get("audiencesChanges")
    changes = Changes() if given is None else read_changes(call.store, given, whole=True)
    state: dict[str, Any] = {"effects": [], "createdCoupons": [], "createdReferrals": []}
    if runs and call.read_flag("dry"):
        return reply_json(state)
    profile = call.store.write_profile(call.ids[0], attributes)
    changes.make(call.store, profile)
    if "customerProfile" in (body.get("responseContent") or ()):
        state["customerProfile"] = call.store.show_profile(profile)
    return reply_json(state)


def update_profiles(call: Call) -> Reply:
    """PUT up to 1000 profiles; no answer is given unless `silent=no`."""
    items = _read_items(call, "customerProfiles", MAX_PROFILES)
    silent = SILENT.get(call.parameters.get("silent", "yes"))
    if silent is None:
        raise refuse_value("enum", "silent must be yes or no.", parameter="silent")
    read = [
        (_read_text(item, "integrationId"), check_attributes(item.get("attributes") or {}, call.store.attributes))
        for item in items
    ]
    written = [call.store.write_profile(profile_id, attributes) for profile_id, attributes in read]
    if silent:
        return Reply(NO_CONTENT)
    return reply_json({"integrationStates": [{"customerProfile": call.store.show_profile(each)} for each in written]})


def create_audience(call: Call) -> Reply:
    """POST an audience: 201, or 409 where its external id is taken at the same integration."""
    body = call.read_body()
    name, integration, external_id = _read_text(body, "name"), body.get("integration"), body.get("integrationId")
    taken = call.store.find_external(external_id, integration) if external_id is not None else None
    if taken and taken.integration == integration:
        raise Refusal(CONFLICT, "An Audience with this ID already exists for this integration.")
    created = call.store.add_audience(
        name,
        integration=integration,
        integration_id=external_id,
        description=body.get("description") or "",
        sandbox=body.get("sandbox") or False,
        third_party=body.get("createdIn3rdParty") or False,
        applications=tuple(body.get("subscribedApplicationsIds") or ()),
        last_update=body.get("lastUpdate"),
    )
    return reply_json(call.store.show_audience(created), CREATED)


def update_audience(call: Call) -> Reply:
    """PUT an audience's name and Applications."""
    audience, body = _find(call), call.read_body()
    audience.name = _read_text(body, "name")
    if body.get("subscribedApplicationsIds") is not None:
        audience.applications = tuple(body["subscribedApplicationsIds"])
    return reply_json(call.store.show_audience(audience))


def delete_audience(call: Call) -> Reply:
    """DELETE an audience with its memberships."""
    call.store.delete_audience(_find(call))
    return Reply(NO_CONTENT)


def delete_memberships(call: Call) -> Reply:
    """DELETE the members of an audience, all of them."""
    call.store.set_members(_find(call), ())
    return Reply(NO_CONTENT)


def change_members(call: Call) -> Reply:
    """POST up to 1000 single changes; unknown profiles are created."""
    read = [(item, _find_changes(call, item)) for item in _read_items(call, "data", MAX_CHANGES)]
    for item, changes in read:
        changes.make(call.store, call.store.write_profile(_read_text(item, "profileIntegrationId"), {}))
    return Reply(NO_CONTENT)


def update_members(call: Call) -> Reply:
    """PUT the same attributes into every member's profile."""
    audience = _find(call)
    attributes = check_attributes(call.read_body().get("attributes") or {}, call.store.attributes)
    for profile in _list_members(call, audience):
        call.store.write_profile(profile.integration_id, attributes, sandbox=profile.sandbox)
    return Reply(NO_CONTENT)


def _list_members(call: Call, audience: Audience) -> list[Profile]:
    return [profile for profile in call.store.profiles.values() if profile.id in audience.members]


def _find(call: Call) -> Audience:
    return call.store.find_audience(call.number)


def _find_changes(call: Call, item: dict[str, Any]) -> Changes:
    _read_text(item, "profileIntegrationId")
    action = item.get("action")
    if action not in {"add", "delete"}:
        raise refuse_value("enum", "action must be add or delete.", pointer="/data/0/action")
    return read_changes(call.store, {f"{action}s": [item.get("audienceId")]})


def _read_items(call: Call, name: str, most: int) -> list[dict[str, Any]]:
    items = call.read_body().get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise refuse_value("Invalid type", f"{name} must be a list of objects.", pointer=f"/{name}")
    if len(items) > most:
        raise refuse_value("Invalid type", f"{name} may hold {most} items.", pointer=f"/{name}")
    return items


def _read_text(body: dict[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found:
        raise refuse_value("Invalid type", f"{name} must be a text.", pointer=f"/{name}")
    return found


ROUTES = (
    Route("PUT", "/v2/customer_profiles", update_profiles),
    Route("PUT", "/v2/customer_profiles/{}", update_profile),
    Route("POST", "/v2/audiences", create_audience),
    Route("PUT", "/v2/audiences/{}", update_audience),
    Route("DELETE", "/v2/audiences/{}", delete_audience),
    Route("DELETE", "/v2/audiences/{}/memberships", delete_memberships),
    Route("POST", "/v2/customer_audiences", change_members),
    Route("PUT", "/v2/audience_customers/{}/attributes", update_members),
)
