"""
Writes of one deployment by the CDP API: prepared, sent, and looked up afterwards.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from adapters.calls import CallScope
from adapters.concurrency import work_aside
from adapters.contract import Journal, PreparedWrite, WriteCommand, WriteResult
from adapters.errors import CapabilityError
from adapters.recipes import plan_requests, run_recipe
from adapters.transport.client import VendorClient

from .audience_writes import AudienceWrites
from .drafts import Draft
from .gateway import Gateway
from .looking import Looking
from .profile_fields import to_graph_name
from .profile_writes import ProfileWrites
from .reading import Reader
from .reconciling import Reconciler
from .settings import TalonOneSettings

Prepare = Callable[[WriteCommand, CallScope, str], Awaitable[Draft]]


class Writer:
    """Writes to one deployment; the adapter's part of `WritesRecords`."""

    def __init__(self, client: VendorClient, settings: TalonOneSettings, reader: Reader | None) -> None:
        """`client` is the CDP API's; `reader` reads by the Management API, None where there is no key for it."""
        self._client = client
        self._looking = Looking(reader)
        self._reconciler = Reconciler(settings, self._looking)
        gateway = Gateway(settings)
        profiles = self._profiles = ProfileWrites(client.source, gateway, self._looking)
        audiences = AudienceWrites(client.source, gateway, self._looking)
        self._kinds: Mapping[str, Prepare] = {
            "updateCustomerProfile": profiles.update_profile,
            "changeCustomerAudiences": profiles.change_own,
            "createSubscriber": profiles.write_subscriber,
            "updateSubscriber": profiles.write_subscriber,
            "upsertSubscriber": profiles.write_subscriber,
            "createAudience": audiences.create,
            "updateAudience": audiences.update,
            "deleteAudience": audiences.delete,
        }

    async def prepare(self, command: WriteCommand, scope: CallScope, purpose: str) -> PreparedWrite:
        """Check a command, read what it must, build its requests; raises as `WritesRecords.prepare_write`."""
        draft = await self._draft(command, scope, purpose)
        return PreparedWrite(
            command=command,
            requests=await work_aside(command.count, lambda: plan_requests(self._client, draft.recipe)),
            recipe=draft,
            before=draft.before,
            after=draft.after,
            warnings=draft.warnings,
        )

    async def _draft(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        _refuse_unknown(command)
        if command.kind == "changeAudiences":
            return await work_aside(command.count, lambda: self._profiles.change_many(command))
        return await self._kinds[command.kind](command, scope, purpose)

    async def send(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send a prepared write and say what became of it."""
        draft = prepared.recipe
        if not isinstance(draft, Draft):
            raise TypeError("This write was prepared by another adapter.")
        try:
            return await run_recipe(self._client, draft.recipe, scope, journal)
        finally:
            self._looking.forget(draft.recipe.touches, scope)

    async def find_outcome(self, command: WriteCommand, scope: CallScope, purpose: str) -> WriteResult:
        """Look what became of a write whose answer was lost."""
        return await self._reconciler.find(command, scope, purpose)


_SUBSCRIBER: Final = frozenset({"fields", "if_unchanged", "by_key"})
_TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "updateCustomerProfile": frozenset(
        {"by_key", "attributes", "skip_unknown_attributes", "run_rules", "join", "leave"}
    ),
    "changeCustomerAudiences": frozenset({"by_key", "join", "leave", "join_refs", "leave_refs"}),
    "createSubscriber": frozenset({"fields"}),
    "updateSubscriber": _SUBSCRIBER,
    "upsertSubscriber": frozenset({"fields"}),
    "changeAudiences": frozenset(),
    "createAudience": frozenset({"ref", "name"}),
    "updateAudience": frozenset({"ref", "name"}),
    "deleteAudience": frozenset({"ref"}),
}
"""What each mutation's input may say to this vendor; what is for another one is refused, not dropped."""


def _refuse_unknown(command: WriteCommand) -> None:
    """Refuse what this vendor cannot be told; raises `CapabilityError`."""
    for name, value in command.values.items():
        if value is not None and name not in _TAKEN[command.kind]:
            word = to_graph_name(name)
            raise CapabilityError(f"Talon.One cannot be told `{word}` by `{command.kind}`.", path=("input", word))
