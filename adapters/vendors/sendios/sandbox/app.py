"""
The sandbox as one object: the application, its data, its faults, its log.
"""

from dataclasses import dataclass

from adapters.sandbox import CallLog, FaultBoard, SandboxApp, VirtualClock

from .credentials import Credentials
from .options import SandboxOptions
from .seed import PROJECTS, TYPES, fill
from .store import Store
from .vendor import Vendor

DEFAULT_CLIENT_ID = 123
DEFAULT_KEY = "sandbox-key"


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
    client_id: int = DEFAULT_CLIENT_ID,
    key: str = DEFAULT_KEY,
    options: SandboxOptions | None = None,
    fault_board: FaultBoard | None = None,
    call_log: CallLog | None = None,
) -> Sandbox:
    """
    Build a Sendios account full of made-up people, the same for the same arguments; none where `seed` is None.
    """
    chosen = options or SandboxOptions()
    clock = VirtualClock()
    calls = CallLog() if call_log is None else call_log
    faults = FaultBoard() if fault_board is None else fault_board
    store = Store(clock, PROJECTS, TYPES)
    if seed is not None:
        fill(store, seed)
    vendor = Vendor(store, Credentials(client_id, key), chosen)
    return Sandbox(SandboxApp(vendor.answer, calls, faults, frozenset()), store, calls, faults, clock, chosen)
