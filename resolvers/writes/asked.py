"""
One mutation that is carried out: checked, prepared as it is or as the worker cuts it, and sent.
"""

import logging
from dataclasses import dataclass, replace
from typing import Final

from adapters.contract import Outcome, PreparedWrite, Source, WriteCapability, WriteResult, WritesRecords
from adapters.errors import CapabilityError, ConsentError, FacadeError
from resolvers.context import RequestContext
from resolvers.policy.consent import Checked, check_sending, reaches_people
from resolvers.principal import Scope
from resolvers.roles import find_writer
from resolvers.selection import Selection
from resolvers.writes.arguments import WriteArgs
from resolvers.writes.desk import LedgerJournal
from resolvers.writes.payload import PayloadRecord, build_plan_payload, list_warnings
from resolvers.writes.slicing import Slicer

_CHECK: Final = "Look the record up at the vendor."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """One mutation that may be carried out: what, where, and for whom; `input_hash` is its input's."""

    args: WriteArgs
    ability: WriteCapability
    source: Source
    ctx: RequestContext
    selection: Selection
    input_hash: str = ""

    @property
    def writer(self) -> WritesRecords:
        """The source's adapter as one that writes."""
        writer = find_writer(self.source)
        if writer is None:
            raise CapabilityError(f"The source {self.source.name} cannot be written to.")
        return writer

    async def plan(self, *, in_slices: bool) -> PayloadRecord:
        """
        Show what would be sent, and what was asked to know it; takes and raises what `prepare` does.

        Parts of one write about many sources are planned side by side: each tells its own source's calls. A sending
        asks every source who has opted out.
        """
        before, everywhere = len(self.ctx.scope.calls), reaches_people(self.ability, self.args.command.values)
        prepared = await self.prepare(in_slices=in_slices)
        calls = self.ctx.scope.calls[before:]
        made = [call for call in calls if everywhere or call.source == self.source.name]
        return build_plan_payload(prepared, made, show_values=self.ctx.principal.holds(Scope.PII))

    async def prepare(self, *, in_slices: bool = False) -> PreparedWrite:
        """
        Prepare the write and leave out whom it may not reach; raises as `prepare_write`, or `ConsentError`.

        `in_slices` prepares it as the worker will, which cannot be sent at once.
        """
        checked = await self.check()
        if in_slices:
            prepared = await self._slicer.prepare(checked.command)
        else:
            prepared = await self.writer.prepare_write(checked.command, self.ctx.scope, purpose=self.selection.path)
        skipped, warnings = {**checked.skipped, **prepared.skipped}, (*checked.warnings, *prepared.warnings)
        if skipped and len(skipped) == len(self.args.command.items):
            raise ConsentError(
                "Everybody in this write has opted out.",
                hint="Say with `consent` why they may be in it all the same; it needs the scope `consent`.",
                path=("input", "items"),
            )
        return replace(prepared, skipped=skipped, warnings=warnings)

    async def check_large(self) -> Checked:
        """Check a write that is the worker's, but for what takes a call for each item; raises as `prepare`."""
        known = await self._slicer.check(self.args.command)
        checked = await self.check()
        warnings = (*checked.warnings, *list_warnings(known))
        return replace(checked, skipped={**checked.skipped, **known.skipped}, warnings=warnings)

    @property
    def _slicer(self) -> Slicer:
        return Slicer(self.writer, self.ability, self.ctx.scope, self.selection.path)

    async def check(self) -> Checked:
        """Find out whom the write may not reach; raises as `check_sending`."""
        return await check_sending(self.args, self.ability, self.ctx, self.selection)

    async def send(self, prepared: PreparedWrite, journal: LedgerJournal) -> WriteResult:
        """Send the write; whatever breaks after it has begun leaves it UNKNOWN, and never without an end."""
        try:
            result = await self.writer.send_write(prepared, self.ctx.scope, journal)
            return replace(result, warnings=tuple(dict.fromkeys((*list_warnings(prepared), *result.warnings))))
        except FacadeError as error:
            return WriteResult(outcome=Outcome.UNKNOWN, error=error, check=_CHECK)
        except Exception:
            log.exception("operation %s: the write %s broke", self.ctx.operation_id, journal.id)
            return WriteResult(outcome=Outcome.UNKNOWN, error=FacadeError("Something broke on our side."), check=_CHECK)
