"""
Writes about customers: their attributes, and the audiences they are in.

A customer that Talon.One does not know is made by any of them.
Source: vendors/facts.md, 5.2.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.calls import CallScope
from adapters.contract import ItemResult, Outcome, WriteCommand
from adapters.errors import InputError, NotFoundError, VendorConflictError
from adapters.recipes import Recipe, Step, StepResult
from adapters.records import SubscriberRecord
from adapters.transport.client import Reply

from .capability import VENDOR
from .changes import Changes, Chunk, Path, build_chunks, check_ref, read_changes
from .drafts import CHECK, PEOPLE, Draft, build_single
from .gateway import Gateway, read_done
from .looking import Looking
from .profile_fields import (
    build_attributes,
    check_address,
    check_attributes,
    read_attributes,
    read_fields,
    read_value,
    to_graph_name,
)
from .settings import TalonOneSettings
from .wire import Row

RULES_NOTE = "Talon.One runs its rules on the customer, which may give coupons, points and other effects."
FORCED_NOTE = "Talon.One runs its rules whenever audiences change here, so `runRules` is true."
NEW_NOTE = "A customer that Talon.One does not know is made."
_FIELDS: Path = ("input", "fields")


@dataclass(frozen=True, slots=True)
class ProfileWrites:
    """Prepares writes about customers of one source; `source` is for errors."""

    source: str
    gateway: Gateway
    looking: Looking

    @property
    def settings(self) -> TalonOneSettings:
        """What the source's table says."""
        return self.gateway.settings

    async def update_profile(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare `updateCustomerProfile`: attributes, and audiences by their numbers."""
        values = command.values
        customer, record = await self._find(command, scope, purpose)
        attributes = check_attributes(values.get("attributes") or {}, ("input", "attributes"))
        changes = read_changes({name: values.get(name) for name in ("join", "leave")}, ("input",))
        if not attributes and not changes:
            raise InputError("Nothing changes.", hint="Say `attributes`, `join` or `leave`.", path=("input",))
        runs = bool(values.get("run_rules")) or bool(changes)
        body: Row = {"attributes": attributes, "runRuleEngine": runs}
        if changes:
            body["audiencesChanges"] = changes.to_wire()
        request = self.gateway.build_profile(customer, body, skip_unknown=bool(values.get("skip_unknown_attributes")))
        before = _read_before(self.settings, record, attributes, changes) if record else None
        warnings = [*self._warn_of_new(record)]
        if changes and not values.get("run_rules"):
            warnings.append(FORCED_NOTE)
        if runs:
            warnings.append(RULES_NOTE)
        if values.get("skip_unknown_attributes"):
            warnings.append("Attributes that Talon.One does not know are left out, and it does not say which.")
        return Draft(
            recipe=build_single(request, partial(self.gateway.read_state, customer=customer), repeatable=not runs),
            before=before,
            after={"attributes": attributes, "audiences": changes.to_wire()} if changes else {"attributes": attributes},
            warnings=tuple(warnings),
        )

    async def change_own(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """
        Prepare `changeCustomerAudiences`: one customer's audiences, with the rules run.

        External ids have a call of their own; numbers go by the profile's.
        """
        customer, record = await self._find(command, scope, purpose)
        changes = read_changes(command.values, ("input",))
        if not changes:
            raise InputError("Nothing changes.", hint="Say what the customer joins or leaves.", path=("input",))
        if changes.external:
            request = self.gateway.build_profile_audiences(customer, changes.to_wire())
        else:
            body = {"runRuleEngine": True, "audiencesChanges": changes.to_wire()}
            request = self.gateway.build_profile(customer, body, skip_unknown=False)
        return Draft(
            recipe=build_single(request, partial(self.gateway.read_state, customer=customer), repeatable=False),
            before=_read_audiences(record) if record else None,
            after=changes.to_wire(),
            warnings=(*self._warn_of_new(record), RULES_NOTE),
        )

    def change_many(self, command: WriteCommand) -> Draft:
        """Prepare `changeAudiences`: the audiences of many customers, without the rules."""
        chunks = build_chunks(command.items)
        if not chunks:
            raise InputError("There is nothing to send.", path=("input", "items"))
        steps = tuple(self._build_chunk(chunk) for chunk in chunks)
        warnings = ("Customers that Talon.One does not know are made.", "Rules about joining and leaving are not run.")
        return Draft(recipe=Recipe(steps=steps, touches=PEOPLE, independent=True, check=CHECK), warnings=warnings)

    def _build_chunk(self, chunk: Chunk) -> Step:
        request = self.gateway.build_many_audiences(chunk.data, external=chunk.external)
        kind = "external " if chunk.external else ""
        return Step(
            name=f"{kind}audiences {chunk.places[0]}-{chunk.places[-1]}",
            build=lambda _found: request,
            read=partial(_read_chunk, places=chunk.places),
            repeatable=True,
            places=chunk.places,
        )

    async def write_subscriber(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """
        Prepare `createSubscriber`, `updateSubscriber` or `upsertSubscriber`: common fields by their attributes.

        Raises:
            VendorConflictError: one that is to be made is there, or what the caller relies on has moved.
        """
        fields: Mapping[str, Any] = command.values["fields"]
        customer = command.target or (command.values.get("by_key") or fields).get("ref")
        check_ref(customer, (*_FIELDS, "ref"))
        customer = str(customer)
        if fields.get("ref", customer) != customer:
            raise InputError("A customer's own key cannot be changed.", path=(*_FIELDS, "ref"))
        check_address(fields.get("email"), (*_FIELDS, "email"))
        record = await self.looking.fetch_customer(customer, scope, purpose)
        self._check_there(command, record)
        attributes = build_attributes(self.settings.attributes, fields, _FIELDS)
        request = self.gateway.build_profile(customer, {"attributes": attributes}, skip_unknown=False)
        return Draft(
            recipe=build_single(request, partial(self.gateway.read_state, customer=customer), repeatable=True),
            before=read_fields(self.settings.attributes, record, fields) if record else None,
            after=fields,
            warnings=() if command.kind == "createSubscriber" else tuple(self._warn_of_new(record)),
        )

    def _check_there(self, command: WriteCommand, record: SubscriberRecord | None) -> None:
        if command.kind == "createSubscriber" and record is not None:
            raise self._refuse("Talon.One knows this customer already.", "ALREADY_THERE")
        if command.kind != "updateSubscriber":
            return
        if record is None:
            raise NotFoundError("There is no such customer at this source.", reason="PERSON_UNKNOWN")
        relied_on = command.values.get("if_unchanged") or {}
        build_attributes(self.settings.attributes, relied_on, ("input", "ifUnchanged"))  # refuses what nobody holds
        found = read_fields(self.settings.attributes, record, relied_on)
        moved = [to_graph_name(name) for name, value in found.items() if value != _plain(name, relied_on[name])]
        if moved:
            raise self._refuse(f"The customer has changed since: {', '.join(moved)}.", "MOVED")

    def _refuse(self, message: str, reason: str) -> VendorConflictError:
        return VendorConflictError(
            message,
            source=self.source,
            vendor=VENDOR,
            operation="customers.search",
            reason=reason,
            maybe_processed=False,
        )

    async def _find(self, command: WriteCommand, scope: CallScope, purpose: str) -> tuple[str, SubscriberRecord | None]:
        """Return the customer that a command names, by id or own key, and the record where it can be read."""
        key = command.values.get("by_key") or {}
        if (command.target is None) is (key.get("ref") is None) or len(key) > 1:
            raise InputError("Name the customer by `id`, or by the `ref` of `byKey`.", path=("input",))
        customer = command.target if command.target is not None else key["ref"]
        check_ref(customer, ("input", "byKey", "ref"))
        record = await self.looking.fetch_customer(customer, scope, purpose)
        if record is None and command.target is not None and self.looking.can_read:
            raise NotFoundError("There is no such customer at this source.", reason="PERSON_UNKNOWN")
        return customer, record

    def _warn_of_new(self, record: SubscriberRecord | None) -> Iterator[str]:
        if record is None:
            yield NEW_NOTE


def _plain(name: str, value: Any) -> Any:
    """Return a field that is relied on in the shape in which it is read."""
    if name != "custom_fields":
        return value
    return [{"key": field["key"], "value": read_value(field)} for field in value]


def _read_before(
    settings: TalonOneSettings, record: SubscriberRecord, attributes: Row, changes: Changes
) -> dict[str, Any]:
    held = read_attributes(settings.attributes, record)
    before: dict[str, Any] = {"attributes": {name: held.get(name) for name in attributes}}
    return before | (_read_audiences(record) if changes else {})


def _read_audiences(record: SubscriberRecord) -> dict[str, Any]:
    return {"audiences": [each.audience_id for each in record.audiences or ()]}


def _read_chunk(reply: Reply, places: tuple[int, ...]) -> StepResult:
    """Read a bulk change's reply: it is done for all of its customers, or for none."""
    read_done(reply)
    return StepResult(items=tuple(ItemResult(place=place, outcome=Outcome.APPLIED) for place in places))
