"""
The sandbox kit: what every vendor's simulator needs and no vendor owns.

A simulator is a function from a received request to a reply. The kit turns that function into an ASGI application,
logs the calls it receives, lets it misbehave on demand, and offers both through a control path that is never logged
as a vendor call:

| path | methods |
|---|---|
| `/_sandbox/health` | GET |
| `/_sandbox/faults` | GET, POST (one fault or a list), DELETE |
| `/_sandbox/calls` | GET, DELETE |

The kit imports nothing of ours, so a simulator built on it stays an independent witness.
"""

from adapters.sandbox.app import SandboxApp
from adapters.sandbox.calls import REDACTED, CallLog, ReceivedCall
from adapters.sandbox.clock import VirtualClock
from adapters.sandbox.delivery import ConnectionDroppedError
from adapters.sandbox.faults import Fault, FaultBoard
from adapters.sandbox.replies import Reply
from adapters.sandbox.requests import ReceivedRequest

__all__ = [
    "REDACTED",
    "CallLog",
    "ConnectionDroppedError",
    "Fault",
    "FaultBoard",
    "ReceivedCall",
    "ReceivedRequest",
    "Reply",
    "SandboxApp",
    "VirtualClock",
]
