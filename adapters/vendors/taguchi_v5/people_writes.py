"""
Writes about people: made and changed, put on lists, opted out, anonymised.

Every one of them but the last is a profile item, which Taguchi takes for a new person or for the one it knows.
Source: vendors/facts.md, 2.2; taguchi-v5-integration.txt, Configuration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import WriteCommand
from adapters.errors import CapabilityError, InputError, VendorConflictError
from adapters.recipes import Recipe, Step
from adapters.records import Entity

from .capability import VENDOR
from .drafts import LOG, SUBSCRIBER_PATH, Draft, LookBack, build_bulk, build_single
from .endpoints import build_erasure
from .fields import check_unmoved, read_fields
from .outcomes import Verdicts
from .people_items import (
    IDENTIFIERS,
    TEXTS,
    Path,
    build_profile,
    check_fields,
    check_lists,
    read_identity,
    to_graph_name,
    to_identity_key,
    write_past,
)
from .rules import check_validation, choose_unsubscribing_value, sets_off_unsubscribe
from .settings import TaguchiV5Settings
from .subjects import Subject, Subjects, check_rejoining
from .values import is_id
from .wire import Row

_FIELDS: Final = ("input", "fields")
_RELIED_ON: Final = ("input", "ifUnchanged")
_CHECK: Final = f"{LOG}, and at the person."
_TOUCHES: Final = (Entity.SUBSCRIBER, Entity.LIST)
_OUR_NAMES: Final = {wire: name for name, wire in TEXTS.items()}


@dataclass(frozen=True, slots=True)
class PeopleWrites:
    """Prepares writes about people of one endpoint; `source` is for errors."""

    source: str
    subjects: Subjects

    @property
    def settings(self) -> TaguchiV5Settings:
        """What the source's table says."""
        return self.subjects.settings

    async def create(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare a person that must be new; raises `VendorConflictError` for one that is there."""
        fields = command.values["fields"]
        profile = self._build(fields, _FIELDS)
        subject = await self.subjects.look(fields, _FIELDS, scope, purpose)
        if subject.record is not None:
            raise VendorConflictError(
                "This source knows the person already.",
                source=self.source,
                vendor=VENDOR,
                operation="subscriber.read",
                reason="ALREADY_THERE",
                maybe_processed=False,
            )
        return self._draft(profile, subject, after=fields, repeatable=False)

    async def update(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare a change of a person that was read, refusing one that the caller relies on and that has moved."""
        fields, relied_on = command.values["fields"], command.values.get("if_unchanged") or {}
        check_lists(fields.get("memberships"), (*_FIELDS, "memberships"))
        check_lists(relied_on.get("memberships"), (*_RELIED_ON, "memberships"))
        check_fields(relied_on, _RELIED_ON)
        subject = await self.subjects.find(command, scope, purpose)
        self.subjects.check_identity_kept(subject, fields, _FIELDS)
        if subject.record is not None:
            check_unmoved(self.settings, subject.record, relied_on, self.source, VENDOR)
        check_rejoining(command, fields.get("memberships") or (), subject, (*_FIELDS, "memberships"))
        return self._draft(self._build({**subject.keys, **fields}, _FIELDS), subject, after=fields)

    async def upsert(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare a person that may be new or known."""
        fields = command.values["fields"]
        profile = self._build(fields, _FIELDS)
        subject = await self.subjects.look(fields, _FIELDS, scope, purpose)
        check_rejoining(command, fields.get("memberships") or (), subject, (*_FIELDS, "memberships"))
        return self._draft(profile, subject, after=fields)

    def upsert_many(self, command: WriteCommand) -> Draft:
        """Prepare many people; nobody is looked for first, so joining a list needs consent."""
        items, warnings = dict[int, Row](), dict[str, None]()
        known: dict[str, int] = {}
        identity = self.settings.identify_by
        for place, fields in enumerate(command.items):
            path: Path = ("input", "items", place)
            profile = self._build(fields, path)
            key = to_identity_key(self.settings, identity, read_identity(self.settings, fields, path))
            if key in known:
                message = f"This person is named twice, first in item {known[key]}."
                raise InputError(message, reason="DUPLICATE_ITEM", path=(*path, identity))
            known[key] = place
            check_rejoining(command, fields.get("memberships") or (), None, (*path, "memberships"))
            warnings |= dict.fromkeys(self._list_warnings(profile, None))
            items[place] = {"profile": profile}
        return Draft(recipe=build_bulk(self.settings, items, _TOUCHES, _CHECK), warnings=tuple(warnings))

    async def set_membership(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare a person's place on one list."""
        values = command.values
        subject = await self.subjects.find(command, scope, purpose)
        membership = {name: values[name] for name in ("list_id", "subscribed", "option", "left_at") if name in values}
        if not is_id(membership["list_id"]):
            raise InputError("A list is named by Taguchi's own number.", path=("input", "listId"))
        check_rejoining(command, [membership], subject, ("input",), one=True)
        fields = {"memberships": [membership]}
        return self._draft(self._build({**subject.keys, **fields}, ("input",)), subject, after=fields)

    async def unsubscribe(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """
        Prepare an opt-out in the way the endpoint's page says: by the custom field's rule, or from the main list, or
        of everything.

        That a profile's `unsubscribedTimestamp` can be written is inferred: it is a part of the profile.
        """
        subject = await self.subjects.find(command, scope, purpose)
        profile = self._build(subject.keys, ("input",))
        rule, left_at = self.settings.unsubscribe_rule, write_past(command.values.get("at"), ("input", "at"))
        if rule is not None and command.values.get("at") is not None:
            raise CapabilityError(
                "This endpoint opts people out by a custom field, without a time.", path=("input", "at")
            )
        if rule is not None:
            profile["custom"] = {rule.field: choose_unsubscribing_value(self.settings)}
        elif self.settings.unsubscribe_mode == "main_list":
            profile["lists"] = [{"listId": self.settings.main_list_id, "unsubscribedTimestamp": left_at}]
        else:
            profile["unsubscribedTimestamp"] = left_at
        return self._draft(profile, subject, after=None)

    async def anonymize(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare the taking away of what tells who a person is; raises `ValueError` where no operation does."""
        operation = self.settings.erasure
        if operation is None:
            raise ValueError("The endpoint's file describes no such operation.")
        subject = await self.subjects.find(command, scope, purpose)
        identity: str = self.settings.identify_by
        value = subject.keys[identity]
        if not operation.takes(identity):
            identity, value = "id", subject.record.id if subject.record else ""
        request = build_erasure(operation, identity, value, self.settings.organization_id, purpose)
        verdicts = Verdicts(self.settings.webhook_mode)
        step = Step(name="anonymize", build=lambda _found: request, read=verdicts.read_erasure)
        recipe = Recipe(steps=(step,), touches=frozenset(_TOUCHES), check=_CHECK)
        return Draft(recipe=recipe, warnings=("This cannot be undone.",))

    def _build(self, fields: Mapping[str, Any], path: Path) -> Row:
        """Build a profile and hold it against the endpoint's validation rules; raises `InputError`."""
        read_identity(self.settings, fields, path)
        profile = build_profile(self.settings, fields, path)
        for finding in check_validation(self.settings.validation, profile):
            if finding.broken:
                raise InputError(
                    f"The endpoint's own validation refuses this: {finding.field} {finding.what}.",
                    reason="VALIDATION",
                    path=(*path, to_graph_name(_OUR_NAMES.get(finding.field, finding.field))),
                )
        return profile

    def _draft(
        self, profile: Row, subject: Subject, *, after: Mapping[str, Any] | None, repeatable: bool = True
    ) -> Draft:
        identity = self.settings.identify_by
        look_back = LookBack(Entity.SUBSCRIBER, identity, subject.keys[identity]) if subject.told else None
        return Draft(
            recipe=build_single(
                self.settings, SUBSCRIBER_PATH, {"profile": profile}, _TOUCHES, _CHECK, repeatable=repeatable
            ),
            look_back=look_back,
            before=read_fields(subject.record, after) if subject.record is not None and after is not None else None,
            after=after,
            warnings=tuple(self._list_warnings(profile, subject)),
        )

    def _list_warnings(self, profile: Row, subject: Subject | None) -> Iterator[str]:
        """Yield what the endpoint's page makes of a profile beside what it says; `subject` None is one of many."""
        settings, record = self.settings, subject.record if subject else None
        lists = [str(each) for each in (settings.main_list_id, *settings.other_list_ids) if each is not None]
        if record is None and lists:
            yield f"A person who is new joins what the endpoint's page names: list {', '.join(lists)}."
        if record is None and not settings.allow_creation:
            yield "The endpoint takes nobody new: it refuses a person whom Taguchi does not know."
        if record is None and not settings.allow_updates:
            yield "The endpoint changes nobody: it refuses a person whom Taguchi knows."
        if sets_off_unsubscribe(settings, profile):
            where = f"list {settings.main_list_id}" if settings.unsubscribe_mode == "main_list" else "everything"
            yield f"This opts the person out of {where}: the page's rule over a custom field says so."
        if record is not None and record.unsubscribed_at is not None and "lists" in profile:
            yield "The person has opted out of everything, and stays so."
        yield from self._list_rules(profile)
        if record is not None:
            yield from self._list_identifiers(profile, record)

    def _list_rules(self, profile: Row) -> Iterator[str]:
        for finding in check_validation(self.settings.validation, profile):
            if not finding.broken:
                yield f"The endpoint's validation of {finding.field} {finding.what}; Taguchi checks it."

    def _list_identifiers(self, profile: Row, record: Any) -> Iterator[str]:
        """Yield what is to be known of identifiers. Source: vendors/facts.md, 2.2, the identifier rule."""
        others = [name for name in IDENTIFIERS if getattr(record, name) and name not in profile]
        if others:
            yield (
                f"Where this person's {' or '.join(others)} was ever sent through this endpoint, Taguchi refuses a "
                "change without it: give it as well."
            )
