"""
The vendor calls of an operation as `extensions.plan` shows them.

Secrets are hidden where a call is recorded. Here the values a filter sent are hidden too, from callers who may not see
personal data: an address or a name may stand in any of them.
"""

from typing import Any, Final

from adapters.calls import CallRecord, CallScope

HIDDEN: Final = "***"

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
    "age_s": "ageS",
    "started_ms": "startedMs",
    "duration_ms": "durationMs",
    "error": "error",
}


def build_plan(scope: CallScope, duration_ms: float, *, show_values: bool) -> dict[str, Any]:
    """Return the calls made within a scope, in the order they were entered, and how long the operation took."""
    calls = [_to_call(call) for call in scope.calls]
    return {"durationMs": round(duration_ms, 3), "calls": calls if show_values else [_hide(call) for call in calls]}


def _to_call(call: CallRecord) -> dict[str, Any]:
    return {name: _plain(getattr(call, attribute)) for attribute, name in _NAMES.items()}


def _hide(call: dict[str, Any]) -> dict[str, Any]:
    path, mark, query = call["url"].partition("?")
    names = [parameter.partition("=")[0] for parameter in query.split("&")]
    hidden = mark + "&".join(f"{name}={HIDDEN}" for name in names) if mark else ""
    return {**call, "url": path + hidden, "pushed": [HIDDEN for _ in call["pushed"]]}


def _plain(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
