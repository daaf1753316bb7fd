"""
A request's parameters, wherever they stand: the query, a form with `name[]` and `name[key]`, or a JSON object.

Source: vendors/facts.md, 3.1: the document shows forms, real clients send JSON to the same paths; both are taken. What
a body is is seen from the body, not from its header.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from adapters.sandbox import ReceivedRequest

from .envelope import bad_request

Parameters = Mapping[str, Any]

_NAMED = re.compile(r"(?P<name>[^\[\]]+)\[(?P<key>[^\[\]]*)\]")
_TRUE, _FALSE = {"true", "t", "1", "yes"}, {"false", "f", "0", "no"}


def read_parameters(request: ReceivedRequest) -> Parameters:
    """Read the query and the body; what stands in both is the body's."""
    return {**_read_form(request.raw_query), **_read_body(request.body)}


def _read_body(body: bytes) -> Parameters:
    if body.lstrip()[:1] in {b"{", b"["}:
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise bad_request() from error
        return value if isinstance(value, dict) else {}
    return _read_form(body)


def _read_form(text: bytes) -> Parameters:
    try:
        pairs = parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise bad_request() from error
    return _gather(pairs)


def _gather(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Put `name[]` together as a list and `name[key]` as an object."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        part = _NAMED.fullmatch(name)
        if part is None:
            found[name] = value
        elif part["key"]:
            inner = found.setdefault(part["name"], {})
            inner[part["key"]] = value
        else:
            found.setdefault(part["name"], []).append(value)
    return found


def read_text(parameters: Parameters, name: str, default: str = "") -> str:
    """Read a text; a number of a JSON body is its digits."""
    value = parameters.get(name)
    return default if value is None else str(value)


def require_text(parameters: Parameters, *names: str) -> str:
    """Read the first of these that is there and not empty; 400 where none is."""
    for name in names:
        if value := read_text(parameters, name):
            return value
    raise bad_request()


def read_choice(parameters: Parameters, name: str, choices: Iterable[str], default: str) -> str:
    """Read one of some words; 400 for another."""
    value = read_text(parameters, name) or default
    if value not in choices:
        raise bad_request()
    return value


def read_number(parameters: Parameters, name: str, default: int) -> int:
    """Read a whole number above zero; 400 for anything else."""
    text = read_text(parameters, name) or str(default)
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise bad_request()
    return int(text)


def read_flag(parameters: Parameters, name: str, *, default: bool) -> bool:
    """Read a truth value, as a JSON one, in letters or as a word; 400 for anything else."""
    text = read_text(parameters, name).lower()
    if text in _TRUE | _FALSE:
        return text in _TRUE
    if text:
        raise bad_request()
    return default


def read_list(parameters: Parameters, name: str) -> list[str]:
    """Read an array, or a text of values between commas."""
    value = parameters.get(name)
    if isinstance(value, list):
        return [str(each).strip() for each in value]
    return [each.strip() for each in str(value).split(",")] if value not in {None, ""} else []
