"""
The sandbox as one object: the application, its data, its faults, its log.

One application answers all three APIs: the CDP one of the shared gateway (`/cdp`, `/segment`), and the Integration
(`/v2`) and Management (`/v1`) ones of the tenant. It keeps no count of calls per second: a fault answers 429.
"""

from dataclasses import dataclass

from adapters.sandbox import CallLog, FaultBoard, SandboxApp, VirtualClock

from .credentials import Keys
from .seed import fill
from .store import Store
from .vendor import Vendor

DEPLOYMENT = "sandbox.europe-west1.talon.one"


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
    keys: Keys


def create_sandbox(
    seed: int = 1, *, keys: Keys | None = None, deployment: str = DEPLOYMENT, customers: int = 300
) -> Sandbox:
    """
    Build a Talon.One account full of made-up data, the same for the same arguments.

    `customers` is how many people only this account knows; `deployment` the tenant's host, which callers of the gateway
    must name.
    """
    chosen = keys or Keys()
    clock, calls, faults = VirtualClock(), CallLog(), FaultBoard()
    store = Store(clock)
    fill(store, seed, customers=customers)
    vendor = Vendor(store, chosen, deployment)
    return Sandbox(SandboxApp(vendor.answer, calls, faults, frozenset()), store, calls, faults, clock, chosen)
