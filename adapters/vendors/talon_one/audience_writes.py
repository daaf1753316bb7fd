"""
Writes about audiences: made, named anew, and deleted with everybody's membership.

They are known to the CDP API by their external id alone. Source: vendors/facts.md, 5.2.
"""

from dataclasses import dataclass
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import WriteCommand
from adapters.errors import CapabilityError, InputError, NotFoundError, VendorConflictError
from adapters.records import AudienceRecord

from .capability import VENDOR
from .changes import check_ref
from .drafts import AUDIENCE_CHECK, Draft, build_single
from .gateway import Gateway, read_done
from .looking import Looking

MAX_NAME_CHARS: Final = 1000
"""Source: T1-OAS-3P, audienceName."""

_DELETION_NOTE: Final = "Deleting an audience takes everybody out of it, and cannot be undone."


@dataclass(frozen=True, slots=True)
class AudienceWrites:
    """Prepares writes about audiences of one source; `source` is for errors."""

    source: str
    gateway: Gateway
    looking: Looking

    async def create(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare a new audience; raises `VendorConflictError` where one has its external id already."""
        ref, name = command.values.get("ref"), command.values.get("name")
        check_ref(ref, ("input", "ref"))
        _check_name(name)
        if (await self.looking.fetch_audiences([str(ref)], scope, purpose)).get(str(ref)):
            raise VendorConflictError(
                "There is an audience with this `ref` already.",
                source=self.source,
                vendor=VENDOR,
                operation="audiences.list",
                reason="ALREADY_THERE",
                maybe_processed=False,
            )
        request = self.gateway.build_new_audience(str(ref), str(name))
        recipe = build_single(request, self.gateway.read_created, repeatable=False, check=AUDIENCE_CHECK)
        return Draft(recipe=recipe, after={"ref": ref, "name": name})

    async def update(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare an audience's new name."""
        name = command.values.get("name")
        _check_name(name)
        ref, record = await self._find(command, scope, purpose)
        request = self.gateway.build_audience(ref, str(name))
        return Draft(
            recipe=build_single(request, self.gateway.read_updated, repeatable=True, check=AUDIENCE_CHECK),
            before={"name": record.name} if record else None,
            after={"name": name},
        )

    async def delete(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare an audience's deletion, and say how many are in it."""
        ref, record = await self._find(command, scope, purpose)
        size = await self.looking.fetch_size(record.id, scope, purpose) if record else None
        counted = () if size is None else (f"{size} customers are in it.",)
        return Draft(
            recipe=build_single(self.gateway.build_deletion(ref), read_done, repeatable=True, check=AUDIENCE_CHECK),
            before={"name": record.name, "size": size} if record else None,
            warnings=(_DELETION_NOTE, *counted),
        )

    async def _find(self, command: WriteCommand, scope: CallScope, purpose: str) -> tuple[str, AudienceRecord | None]:
        """
        Return the external id of the audience that a command names, and its record where it can be read.

        Raises:
            InputError: it is named in two ways, or in none; or several audiences have its external id.
            CapabilityError: it has no external id, or nobody can look for it.
            NotFoundError: it is not there.
        """
        ref = command.values.get("ref")
        if (command.target is None) is (ref is None):
            raise InputError("Name the audience by `id`, or by `source` and `ref`.", path=("input",))
        if command.target is not None:
            ref = await self._find_ref(command.target, scope, purpose)
        check_ref(ref, ("input", "ref"))
        if not self.looking.can_read:
            return str(ref), None
        found = (await self.looking.fetch_audiences([str(ref)], scope, purpose)).get(str(ref), ())
        if not found:
            raise NotFoundError("There is no such audience at this source.", reason="AUDIENCE_UNKNOWN")
        if len(found) > 1:
            raise InputError(
                "Several audiences have this `ref`, of several platforms, so it is not known which would change.",
                hint="Change it in Talon.One's Campaign Manager.",
                path=("input", "ref"),
            )
        return str(ref), found[0]

    async def _find_ref(self, number: str, scope: CallScope, purpose: str) -> str:
        if not self.looking.can_read:
            raise CapabilityError(
                "Without a Management key an audience is known by its `ref` only.",
                hint="Name it by `source` and `ref`.",
                path=("input", "id"),
            )
        record = await self.looking.fetch_audience(number, scope, purpose)
        if record is None:
            raise NotFoundError("There is no such audience at this source.", reason="AUDIENCE_UNKNOWN")
        if not record.ref:
            raise CapabilityError(
                "This audience was made in Talon.One and has no `ref`, so it cannot be changed from outside.",
                hint="Change it in Talon.One's Campaign Manager.",
                path=("input", "id"),
            )
        return record.ref


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME_CHARS or len(name) > MAX_NAME_CHARS:
        raise InputError(f"An audience's name has 1 to {MAX_NAME_CHARS} characters.", path=("input", "name"))
