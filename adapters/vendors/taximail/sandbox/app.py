"""
The sandbox as one object: the application, its data, its faults, its log.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.sandbox import CallLog, FaultBoard, SandboxApp, VirtualClock

from .credentials import SECRETS, Credentials
from .options import SandboxOptions
from .seed import fill
from .store import Store
from .vendor import Vendor

DEFAULT_KEYS = {"sandbox-key": "sandbox-secret"}
DEFAULT_USERS = {"sandbox@example.com": "pass:word"}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running emulator: `app` is the ASGI application, the rest is how tests look inside and interfere."""

    app: SandboxApp
    store: Store
    credentials: Credentials
    calls: CallLog
    faults: FaultBoard
    clock: VirtualClock
    options: SandboxOptions


def create_sandbox(
    seed: int | None = 1,
    *,
    base_path: str = "/v2",
    keys: Mapping[str, str] | None = None,
    users: Mapping[str, str] | None = None,
    options: SandboxOptions | None = None,
) -> Sandbox:
    """
    Build a Taximail account full of made-up data, the same for the same arguments; without a seed it is empty.

    `keys` maps API keys to their secret keys, `users` names to passwords.
    """
    chosen, clock = options or SandboxOptions(), VirtualClock()
    calls, faults, store = CallLog(), FaultBoard(), Store(clock)
    if seed is not None:
        fill(store, seed)
    credentials = Credentials(dict(keys or DEFAULT_KEYS), dict(users or DEFAULT_USERS), clock, chosen)
    vendor = Vendor(store, credentials, chosen, base_path)
    app = SandboxApp(vendor.answer, calls, faults, SECRETS)
    return Sandbox(app, store, credentials, calls, faults, clock, chosen)
