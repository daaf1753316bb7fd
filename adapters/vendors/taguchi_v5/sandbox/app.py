"""
The sandbox as one object: the application, its data, its faults, its log.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from adapters.sandbox import CallLog, FaultBoard, SandboxApp, VirtualClock

from .credentials import Credentials
from .options import SandboxOptions
from .seed import fill
from .store import Store
from .vendor import Vendor

DEFAULT_ENDPOINT = "abc123"
DEFAULT_ORGANIZATION_ID = 482
DEFAULT_SECRET = "sandbox-token"  # noqa: S105 - opens made-up data only
DEFAULT_PEOPLE = 300


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
    seed: int = 1,
    *,
    endpoint: str = DEFAULT_ENDPOINT,
    organization_id: int = DEFAULT_ORGANIZATION_ID,
    secret: str = DEFAULT_SECRET,
    people: int = DEFAULT_PEOPLE,
    options: SandboxOptions | None = None,
    now_s: Callable[[], float] = time.time,
) -> Sandbox:
    """
    Build an endpoint of a Taguchi account full of made-up people, the same for the same arguments.

    `secret` is the token, or the key of JWTs; `people` are those beside the cast that several vendors know; `now_s` is
    the clock that a JWT's end is held against.
    """
    chosen = options or SandboxOptions()
    clock, calls, faults, store = VirtualClock(), CallLog(), FaultBoard(), Store()
    fill(store, seed, chosen, organization_id, people)
    credentials = Credentials(chosen.credential, secret, now_s)
    vendor = Vendor(store, credentials, chosen, clock, endpoint=endpoint, organization_id=organization_id)
    app = SandboxApp(vendor.answer, calls, faults, frozenset())
    return Sandbox(app, store, calls, faults, clock, chosen)
