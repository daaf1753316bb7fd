"""The vendor calls of an operation as `extensions.plan` shows them."""

from typing import Any, Final

from adapters.calls import CallRecord, CallScope

_NAMES: Final = {
    "source": "source",
    "vendor": "vendor",
    "operation": "operation",
    "method": "method",
    "url": "url",
    "purpose": "purpose",
    "pushed": "pushed",
    "residual": "residual",
    "reasons": "reasons",
    "keys": "keys",
    "rows": "rows",
    "status": "status",
    "attempts": "attempts",
    "retries": "retries",
    "cache": "cache",
    "started_ms": "startedMs",
    "duration_ms": "durationMs",
    "error": "error",
}


def build_plan(scope: CallScope, duration_ms: float) -> dict[str, Any]:
    """Return the calls made within a scope, in the order they were entered, and how long the operation took."""
    return {"durationMs": round(duration_ms, 3), "calls": [_to_call(call) for call in scope.calls]}


def _to_call(call: CallRecord) -> dict[str, Any]:
    return {name: _plain(getattr(call, attribute)) for attribute, name in _NAMES.items()}


def _plain(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
