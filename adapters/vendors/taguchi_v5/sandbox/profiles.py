"""
Profile items: creating and updating people.

Source: vendors/facts.md, 2.2 and 2.4; taguchi-v5-integration.txt, Configuration, for what the options do.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from .keys import IDENTIFIERS, read_identifiers
from .options import SandboxOptions
from .statuses import NO_IDENTITY, Refusal, Status, build_status, check_switch
from .store import Person, Row, Store

TEXTS: Final = (
    *IDENTIFIERS,
    *("title", "firstname", "lastname", "notifications", "extra", "dob", "address", "address2", "address3"),
    *("suburb", "state", "country", "postcode", "gender"),
)
TIMES: Final = ("unsubscribedTimestamp", "invalidTimestamp", "resumeDate")
NUMBERS: Final = ("campaignId", "importId")
EMPTY: Final[Row] = dict.fromkeys((*TEXTS, *TIMES, *NUMBERS))

_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", re.ASCII)
_LIST_TIMES = ("subscribedTimestamp", "unsubscribedTimestamp")


class Profiles:
    """Takes profile items over a store."""

    def __init__(self, store: Store, options: SandboxOptions, organization_id: int) -> None:
        """The organization is that of every profile."""
        self._store = store
        self._options = options
        self._organization_id = organization_id

    def take(self, profile: Any, now_at: datetime, *, keep: bool) -> Status:
        """
        Create or update one person.

        Raises:
            Refusal: the item is wrong, or the endpoint does not allow it.
        """
        if not isinstance(profile, dict):
            raise Refusal(400, "The profile is not an object")
        self._check(profile)
        person = self._find(profile)
        if person is None:
            check_switch(self._options.allow_creation, "profile creation")
        else:
            check_switch(self._options.allow_updates, "profile updates")
            self._check_identifiers(person, profile)
        if keep:
            self._keep(person, profile, now_at)
        return build_status(200)

    def _check(self, profile: Mapping[str, Any]) -> None:
        if type(profile.get("organizationId")) is not int or profile["organizationId"] != self._organization_id:
            raise Refusal(400, "organizationId is not the organization of this endpoint")
        if self._options.identify_by not in read_identifiers(profile):
            raise Refusal(400, NO_IDENTITY)
        for name in TEXTS:
            if not isinstance(profile.get(name), str | None):
                raise Refusal(400, f"{name} is not a text")
        for name in TIMES:
            _check_time(profile.get(name), name)
        if not isinstance(profile.get("custom", {}), dict):
            raise Refusal(400, "custom is not an object")
        _check_lists(profile.get("lists", []))

    def _find(self, profile: Mapping[str, Any]) -> Person | None:
        identity = self._options.identify_by
        return self._store.find_person(identity, read_identifiers(profile)[identity])

    def _check_identifiers(self, person: Person, profile: Mapping[str, Any]) -> None:
        """Source: vendors/facts.md, 2.2: an identifier once sent becomes required for later updates."""
        if person.sent - read_identifiers(profile).keys():
            raise Refusal(400, NO_IDENTITY)

    def _keep(self, person: Person | None, profile: Mapping[str, Any], now_at: datetime) -> None:
        now = now_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        if person is None:
            new = {**EMPTY, "organizationId": self._organization_id, "lists": [], "custom": {}}
            person = self._store.add_person(new)
            for list_id in filter(None, (self._options.main_list_id, *self._options.other_list_ids)):
                _set_membership(person.row, {"listId": list_id}, now)
        self._store.unindex(person.row["id"])
        person.sent |= read_identifiers(profile).keys()
        person.row |= {name: profile[name] for name in (*TEXTS, *TIMES, *NUMBERS) if name in profile}
        person.row["custom"] |= profile.get("custom", {})
        for each in profile.get("lists", []):
            _set_membership(person.row, each, now)
        self._store.index(person.row["id"])
        if self._is_leaving(profile):
            self._unsubscribe(person.row, now)

    def _is_leaving(self, profile: Mapping[str, Any]) -> bool:
        """Say whether the rule over a custom field says so; the field must be part of the request."""
        rule = self._options.unsubscribe_rule
        custom = profile.get("custom", {})
        return (
            rule is not None and rule.field in custom and (custom[rule.field] == rule.value) == (rule.operator == "==")
        )

    def _unsubscribe(self, row: Row, now: str) -> None:
        if self._options.unsubscribe_mode == "global":
            row["unsubscribedTimestamp"] = now
        else:
            _set_membership(row, {"listId": self._options.main_list_id, "unsubscribedTimestamp": now}, now)


def _set_membership(row: Row, given: Mapping[str, Any], now: str) -> None:
    """Join, rejoin or leave a list; `unsubscribedTimestamp` null subscribes."""
    known: Row | None = next((each for each in row["lists"] if each["listId"] == given["listId"]), None)
    if known is None:
        known = {
            "listId": given["listId"],
            "importId": None,
            "campaignId": None,
            "subscribedTimestamp": now,
            "unsubscribedTimestamp": None,
            "subscriptionOption": None,
        }
        row["lists"].append(known)
    known |= dict(given)


def _check_lists(lists: Any) -> None:
    if not isinstance(lists, list) or not all(isinstance(each, dict) for each in lists):
        raise Refusal(400, "lists is not an array of objects")
    for each in lists:
        if type(each.get("listId")) is not int:
            raise Refusal(400, "listId is not a number")
        for name in _LIST_TIMES:
            _check_time(each.get(name), name)


def _check_time(value: Any, name: str) -> None:
    if value is not None and not (isinstance(value, str) and _TIME.fullmatch(value)):
        raise Refusal(400, f"{name} is not an ISO 8601 time")
