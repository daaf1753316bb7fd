"""
The endpoint's own rules over what is sent: its field validation, and the custom field that unsubscribes people.

How Taguchi writes its validation rules is not public; what is understood here are the words that such rules commonly
have (JSON Schema's, and `required` on the field). A word that is not understood is named, never guessed: Taguchi
checks it, and we do not.
Source: taguchi-v5-integration.txt, Field validation rules, Custom field to unsubscribe subscribers.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2

from .settings import TaguchiV5Settings
from .wire import Row

_MISSING: Final = object()
_ABOUT: Final = frozenset({"title", "description", "message", "$schema"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A field of an item that breaks a rule (`broken`), or a rule that is not understood; `field` is Taguchi's name."""

    field: str
    what: str
    broken: bool = True


def check_validation(rules: Mapping[str, Any] | None, profile: Row) -> Iterator[Finding]:
    """Yield what is to be said of a profile by the rules: what breaks one, and which are not understood."""
    if rules is None:
        return
    yield from _check_object(rules, profile, "")


def _check_object(rules: Mapping[str, Any], holder: Mapping[str, Any], prefix: str) -> Iterator[Finding]:
    """Check rules by field, or an object's schema with `properties` and `required`."""
    fields = rules
    if isinstance(rules.get("properties"), dict):
        fields = rules["properties"]
        for name in rules.get("required") or ():
            if _find(holder, str(name)) in (_MISSING, None, ""):
                yield Finding(f"{prefix}{name}", "must be given")
    for name, rule in fields.items():
        if not isinstance(rule, dict):
            yield Finding(f"{prefix}{name}", "has a rule that is not understood here", broken=False)
            continue
        yield from _check_field(rule, _find(holder, name), f"{prefix}{name}")


def _find(holder: Mapping[str, Any], name: str) -> Any:
    """Find a field by its name, or by a dotted one inside an object."""
    if name in holder:
        return holder[name]
    first, _, rest = name.partition(".")
    inner = holder.get(first)
    return _find(inner, rest) if rest and isinstance(inner, dict) else _MISSING


def _check_field(rule: Mapping[str, Any], value: Any, name: str) -> Iterator[Finding]:
    if value in (_MISSING, None, ""):
        if rule.get("required") is True:
            yield Finding(name, "must be given")
        return
    if isinstance(rule.get("properties"), dict):
        yield from _check_object(rule, value if isinstance(value, dict) else {}, f"{name}.")
    for word, operand in rule.items():
        if word in _ABOUT or word in {"required", "properties"}:
            continue
        holds = _judge(word, operand, value)
        if holds is None:
            yield Finding(name, f"has a rule `{word}` that is not understood here", broken=False)
        elif not holds:
            yield Finding(name, f"breaks the rule `{word}`")


def _judge(word: str, operand: Any, value: Any) -> bool | None:
    """Say whether a value keeps a rule; None where the rule is not understood."""
    check = _CHECKS.get(word)
    try:
        return None if check is None else check(operand, value)
    except (TypeError, KeyError, ValueError, re2.error):
        return None


@lru_cache(maxsize=64)
def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _matches(pattern: Any, value: Any) -> bool:
    return bool(_compile(pattern).search(value))


def _is_of(kind: Any, value: Any) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_CHECKS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "type": _is_of,
    "pattern": _matches,
    "regex": _matches,
    "minLength": lambda least, value: len(value) >= least,
    "maxLength": lambda most, value: len(value) <= most,
    "minimum": lambda least, value: value >= least,
    "maximum": lambda most, value: value <= most,
    "enum": lambda allowed, value: value in allowed,
    "const": lambda wanted, value: value == wanted,
}


def sets_off_unsubscribe(settings: TaguchiV5Settings, profile: Row) -> bool:
    """Say whether the custom-field rule will unsubscribe the person; the field must be part of the request."""
    rule, custom = settings.unsubscribe_rule, profile.get("custom") or {}
    if rule is None or rule.field not in custom:
        return False
    return bool(custom[rule.field] == rule.value) is (rule.operator == "==")


def choose_unsubscribing_value(settings: TaguchiV5Settings) -> Any:
    """Return a value of the rule's field that unsubscribes; for `!=` one that differs from the rule's."""
    rule = settings.unsubscribe_rule
    if rule is None:
        raise ValueError("The endpoint has no rule over a custom field.")
    if rule.operator == "==":
        return rule.value
    if isinstance(rule.value, bool):
        return not rule.value
    return next(word for word in ("unsubscribed", "left") if word != rule.value)
