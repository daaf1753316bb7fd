"""
The sandbox as one object: the application, its data, its faults, its log.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.sandbox import CallLog, FaultBoard, SandboxApp, VirtualClock

from .credentials import AUTH, Credentials
from .options import SandboxOptions
from .seed import fill
from .store import Store
from .vendor import Vendor

DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - opens made-up data only
DEFAULT_USERS = {"sandbox@example.com": "pass|word"}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """
    A running emulator: `app` is the ASGI application, the rest is how tests look inside and interfere.
    """

    app: SandboxApp
    store: Store
    calls: CallLog
    faults: FaultBoard
    clock: VirtualClock
    options: SandboxOptions


def create_sandbox(
    seed: int | None = 1,
    *,
    organization_id: int = 1,
    token: str = DEFAULT_TOKEN,
    users: Mapping[str, str] | None = None,
    subscribers: int = 5000,
    events: int = 100_000,
    options: SandboxOptions | None = None,
    fault_board: FaultBoard | None = None,
    call_log: CallLog | None = None,
) -> Sandbox:
    """
    Build a Taguchi V4 account full of made-up data, the same for the same arguments; an empty one without `seed`.

    `users` maps names to passwords (default: `sandbox@example.com` with a bar in the password). `subscribers` (the
    visible ones) and `events` are numbers; lists, campaigns, activities and the rest do not depend on them.
    """
    chosen = options or SandboxOptions()
    clock = VirtualClock()
    calls = CallLog() if call_log is None else call_log
    faults = FaultBoard() if fault_board is None else fault_board
    store = Store(organization_id, chosen)
    if seed is not None:
        fill(store, seed, subscribers=subscribers, events=events, now_at=clock.now_at)
    credentials = Credentials(token, dict(DEFAULT_USERS if users is None else users))
    vendor = Vendor(store, credentials, chosen, clock)
    app = SandboxApp(vendor.answer, calls, faults, frozenset({AUTH}))
    return Sandbox(app, store, calls, faults, clock, chosen)
