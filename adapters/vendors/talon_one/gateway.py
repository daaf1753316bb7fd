"""
The calls of the CDP API, which only writes, each built once; and how their replies are read.

Every call names the tenant and this service in two headers that the tutorial leaves out. The bulk path is the
published specification's: the tutorial's, in the singular, is the path of one profile whose id is "audiences", and
writes that.
Source: vendors/facts.md, 5.1 and 5.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from adapters.errors import InputError
from adapters.recipes import StepResult
from adapters.records import Entity
from adapters.refusals import build_contract_error, build_unreadable
from adapters.transport.body import decode_json
from adapters.transport.client import Reply, VendorRequest
from adapters.transport.urls import quote_segment

from .endpoints import raise_refusal
from .mapping import to_record
from .settings import TalonOneSettings
from .values import UnreadableError
from .wire import Row

GATEWAY_KEY: Final = "ApiKey-v1"
"""The word before a third-party key. Source: talon-one-cdp.txt, Authenticating."""

MAX_CHANGES: Final = 1000
"""The most adds and deletes one call takes. Source: T1-OAS-3P, the note on data."""

MAX_BODY_BYTES: Final = 4_000_000
_OK, _CREATED, _NO_CONTENT = 200, 201, 204
_COUNTED: Final = ("effects", "createdCoupons", "createdReferrals")


@dataclass(frozen=True, slots=True)
class Gateway:
    """Builds the calls of one source to the CDP API, and reads what they answer."""

    settings: TalonOneSettings

    def build_profile(self, customer: str, body: Mapping[str, Any], *, skip_unknown: bool) -> VendorRequest:
        """Build `PUT /cdp/customer_profile/{customerProfileId}`."""
        params = (("skipNonExistingAttributes", "true"),) if skip_unknown else ()
        return self._build("profile.update", "PUT", f"cdp/customer_profile/{quote_segment(customer)}", body, params)

    def build_profile_audiences(self, customer: str, data: Mapping[str, Any]) -> VendorRequest:
        """Build `PUT /cdp/customer_profile/{customerProfileId}/audiences`, which takes external ids."""
        path = f"cdp/customer_profile/{quote_segment(customer)}/audiences"
        return self._build("profile.audiences", "PUT", path, {"data": data})

    def build_many_audiences(self, data: Sequence[Mapping[str, Any]], *, external: bool) -> VendorRequest:
        """Build the bulk change of audiences, in the plural; external ids have a path of their own."""
        path = "cdp/v2/customer_profiles/audiences" if external else "cdp/customer_profiles/audiences"
        return self._build("profiles.audiences", "PUT", path, {"data": data})

    def build_new_audience(self, ref: str, name: str) -> VendorRequest:
        """Build `POST /cdp/audiences`."""
        return self._build("audience.create", "POST", "cdp/audiences", _name(ref, name))

    def build_audience(self, ref: str, name: str) -> VendorRequest:
        """Build `PUT /cdp/audiences/{audienceId}`, of the external id; the schema wants both fields."""
        return self._build("audience.update", "PUT", f"cdp/audiences/{quote_segment(ref)}", _name(ref, name))

    def build_deletion(self, ref: str) -> VendorRequest:
        """Build `DELETE /cdp/audiences/{audienceId}`, of the external id."""
        return self._build("audience.delete", "DELETE", f"cdp/audiences/{quote_segment(ref)}", None)

    def _build(
        self,
        operation: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        params: tuple[tuple[str, str], ...] = (),
    ) -> VendorRequest:
        headers = (
            ("Accept", "application/json"),
            ("destination-hostname", self.settings.deployment),
            ("customer-data-platform-name", self.settings.platform_name),
        )
        return VendorRequest(
            operation=operation,
            method=method,
            path=path,
            params=params,
            headers=headers if body is None else (*headers, ("Content-Type", "application/json")),
            body=None if body is None else _encode(body),
        )

    def read_state(self, reply: Reply, customer: str) -> StepResult:
        """
        Read the integration state that follows a profile's change: what the rules made of it, counted.

        Raises:
            VendorError: it was refused, or the answer is no state, or another profile's.
        """
        state = _read_object(reply, _OK)
        facts = {name: len(state[name]) for name in _COUNTED if isinstance(state.get(name), list)}
        profile = state.get("customerProfile")
        if profile is None:
            return StepResult(id=customer, facts=facts)
        record = self._to_record(reply, Entity.SUBSCRIBER, profile)
        if record.id != customer:
            raise build_contract_error(reply, "another profile than was written", "RECORD_OTHER")
        return StepResult(id=record.id, record=record, facts=facts)

    def read_created(self, reply: Reply) -> StepResult:
        """Read a new audience; without its number it is not known which it is."""
        return self._read_audience(reply, _CREATED)

    def read_updated(self, reply: Reply) -> StepResult:
        """Read an audience that was changed; the answer holds less than the Management API can tell."""
        found = self._read_audience(reply, _OK)
        return found if self.settings.management is None else StepResult(id=found.id)

    def _read_audience(self, reply: Reply, status: int) -> StepResult:
        record = self._to_record(reply, Entity.AUDIENCE, _read_object(reply, status))
        return StepResult(id=record.id, record=record)

    def _to_record(self, reply: Reply, entity: Entity, row: Any) -> Any:
        if not isinstance(row, dict):
            raise build_contract_error(reply, "something else than a record", "RECORD_EXPECTED")
        try:
            return to_record(entity, reply.call.source, row, self.settings.attributes)
        except UnreadableError as error:
            raise build_unreadable(reply, entity, error) from None


def read_done(reply: Reply) -> StepResult:
    """
    Read the reply of a bulk change or a deletion, which holds nothing.

    Raises:
        VendorError: it was refused; or something came, so another call was answered than was made.
    """
    if reply.status != _NO_CONTENT:
        _refuse_status(reply)
    return StepResult()


def _read_object(reply: Reply, status: int) -> Row:
    if reply.status != status:
        _refuse_status(reply)
    found = decode_json(reply)
    if not isinstance(found, dict):
        raise build_contract_error(reply, "something else than an object", "OBJECT_EXPECTED")
    stated = str(found.get("StatusCode", ""))
    if stated.isdigit() and int(stated) >= 400:  # noqa: PLR2004 - an error's envelope under a status of success
        raise_refusal(reply, int(stated), writes=True)
    return found


def _refuse_status(reply: Reply) -> None:
    if reply.status in {_OK, _CREATED, _NO_CONTENT}:
        raise build_contract_error(reply, "another success than its document names", "STATUS_OTHER")
    raise_refusal(reply, reply.status, writes=True)


def _name(ref: str, name: str) -> dict[str, str]:
    return {"audienceId": ref, "audienceName": name}


def _encode(body: Mapping[str, Any]) -> bytes:
    try:
        encoded = orjson.dumps(body)
    except TypeError:
        raise InputError("A text holds half of a character pair, or a number is too long.", path=("input",)) from None
    if len(encoded) > MAX_BODY_BYTES:
        raise InputError("This is too much for one call.", hint="Send less at a time.", path=("input",))
    return encoded
