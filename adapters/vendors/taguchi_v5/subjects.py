"""
Whom a write is about: found by what the endpoint identifies people by, read where that is allowed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.calls import CallScope
from adapters.contract import WriteCommand
from adapters.errors import CapabilityError, ConsentError, InputError, NotFoundError
from adapters.records import Entity, MembershipState, SubscriberRecord

from .lookups import Lookups
from .people_items import IDENTIFIERS, Path, read_identity, to_graph_name, to_identity_key
from .settings import TaguchiV5Settings


@dataclass(frozen=True, slots=True)
class Subject:
    """
    A person a write is about.

    `keys` are the identifying fields that its item holds. `record` is the person as read; None with `told` says that
    nobody is there, None without it that nobody can look.
    """

    keys: Mapping[str, str]
    record: SubscriberRecord | None
    told: bool


@dataclass(frozen=True, slots=True)
class Subjects:
    """Finds the people that writes are about."""

    lookups: Lookups

    @property
    def settings(self) -> TaguchiV5Settings:
        """What the source's table says."""
        return self.lookups.settings

    def can_read(self, identity: str) -> bool:
        """Say whether people can be looked up by this."""
        operation = self.settings.reads.get(Entity.SUBSCRIBER)
        return operation is not None and operation.takes(identity)

    async def find(self, command: WriteCommand, scope: CallScope, purpose: str) -> Subject:
        """
        Find the one person that a command names: by id, by e-mail address, or by other keys.

        Raises:
            InputError: more than one is given, or none, or it is not what the endpoint identifies people by.
            CapabilityError: an id was given, and the endpoint cannot look people up by id.
            NotFoundError: nobody is there.
            VendorError: the endpoint could not be asked.
        """
        named = [name for name in ("by_email", "by_key") if command.values.get(name) is not None]
        if len(named) != (command.target is None):
            raise InputError("Name the person by `id`, `byEmail` or `byKey`, one of them.", path=("input",))
        if command.target is not None:
            return await self._find_by_id(command.target, scope, purpose)
        path = ("input", to_graph_name(named[0]))
        subject = await self.look(command.values[named[0]], path, scope, purpose)
        if subject.told and subject.record is None:
            raise NotFoundError("There is no such person at this source.", reason="PERSON_UNKNOWN")
        self._check_names(subject, path)
        return subject

    def _check_names(self, subject: Subject, path: Path) -> None:
        """
        Refuse a further identifier that is not the person's: an item that holds it would make it so.

        Raises:
            InputError: it differs from the person's, or nobody can tell.
        """
        for name, value in subject.keys.items():
            held = getattr(subject.record, name, None)
            if name == self.settings.identify_by or (held and self._is_same(name, value, held)):
                continue
            known = subject.record is not None
            raise InputError(
                f"This is not the `{name}` of the person." if known else f"Nobody can tell whose `{name}` this is.",
                reason="IDENTIFIER_OTHER",
                hint=f"Name the person by `{self.settings.identify_by}` alone.",
                path=(*path, name),
            )

    def _is_same(self, name: str, *values: str) -> bool:
        return len({to_identity_key(self.settings, name, value) for value in values}) == 1

    async def _find_by_id(self, id_: str, scope: CallScope, purpose: str) -> Subject:
        identity = self.settings.identify_by
        if not self.can_read("id"):
            raise CapabilityError(
                "This Taguchi V5 endpoint cannot look people up by id.",
                hint=f"Name the person by `{identity}`.",
                path=("input", "id"),
            )
        record = await self.fetch("id", id_, scope, purpose)
        if record is None:
            raise NotFoundError("There is no such person at this source.", reason="PERSON_UNKNOWN")
        value = getattr(record, identity)
        if not value:
            raise CapabilityError(
                f"This Taguchi V5 endpoint identifies people by {identity}, and this person has none.",
                hint="Change the person at Taguchi, or through another source.",
                path=("input", "id"),
            )
        return Subject({identity: value}, record, told=True)

    async def look(self, holder: Mapping[str, Any], path: Path, scope: CallScope, purpose: str) -> Subject:
        """
        Look for the person whose identifying fields `holder` has.

        Raises:
            InputError: what the endpoint identifies people by is not among them.
        """
        identity = self.settings.identify_by
        value = read_identity(self.settings, holder, path)
        keys = {name: holder[name] for name in IDENTIFIERS if holder.get(name)}
        told = self.can_read(identity)
        record = await self.fetch(identity, value, scope, purpose) if told else None
        return Subject(keys, record, told)

    async def fetch(self, identity: str, value: str, scope: CallScope, purpose: str) -> SubscriberRecord | None:
        """Read one person as it is now, nothing remembered; None where nobody is there."""
        operation = self.lookups.find_operation(Entity.SUBSCRIBER, identity)
        records = await self.lookups.fetch(operation, identity, value, scope, purpose, fresh=True)
        return next((record for record in records if isinstance(record, SubscriberRecord)), None)

    def check_identity_kept(self, subject: Subject, fields: Mapping[str, Any], path: Path) -> None:
        """
        Refuse a change of what identifies a person: Taguchi would take it for another one.

        Raises:
            InputError: the field differs from the person's.
        """
        identity = self.settings.identify_by
        if identity not in fields:
            return
        if not self._is_same(identity, fields[identity] or "", subject.keys[identity]):
            raise InputError(
                f"This Taguchi V5 endpoint identifies people by `{identity}`, so it cannot change it.",
                hint="Change it at Taguchi, or through another source.",
                path=(*path, identity),
            )


def check_rejoining(
    command: WriteCommand,
    memberships: Sequence[Mapping[str, Any]],
    subject: Subject | None,
    path: Path,
    *,
    one: bool = False,
) -> None:
    """
    Refuse to put somebody on a list again that the person has left; `subject` None is a person nobody has looked for.

    `one` says that `path` leads to the one membership itself.

    Raises:
        ConsentError: the person has left the list, or nobody can tell, and the command names no basis.
    """
    if command.consent is not None:
        return
    known = subject is not None and subject.told
    record = subject.record if subject is not None else None
    left = {each.list_id for each in (record.memberships if record else ()) if each.state is MembershipState.LEFT}
    for place, each in enumerate(memberships):
        if not each.get("subscribed", True) or (known and str(int(each["list_id"])) not in left):
            continue
        why = "The person has left this list." if known else "Nobody can tell whether the person has left this list."
        raise ConsentError(
            why,
            hint="Say in `consent` what the person agreed to; that needs the scope `consent`.",
            path=(*path, "listId") if one else (*path, place, "listId"),
        )
