"""
The only source of loggable text about a vendor call.

A loggable URL is built from the request *before* its secret is added, so there is nothing to strip; parameters that
would hold a secret show as `REDACTED`.
"""

import html
import json
import logging
import re
from collections.abc import Sequence
from urllib.parse import quote, quote_plus

from adapters.transport.urls import Pairs, quote_query

REDACTED = "REDACTED"
MESSAGE_LIMIT = 200

_CHATTY = ("httpx", "httpcore", "aiohttp")
_SCRIPT = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>")
_TAG = re.compile(r"<[^<>]*>")
_URL = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{0,20}://\S+|\bwww\.\S+")
_NAMED_SECRET = re.compile(
    r"(?i)\b(auth|authorization|token|api[-_ ]?key|key|secret|password|passwd|pwd)(\s*[=:]\s*)((bearer|basic)\s+)?\S+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
_LONG_TOKEN = re.compile(r"\b(?=\w*[0-9])(?=\w*[A-Za-z])\w{24,}")
_UNPRINTABLE = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_VALUE = re.compile(r"=[^&]*")


def build_loggable_url(path: str, params: Pairs, hidden: Sequence[str]) -> str:
    """
    Build the path and query a plan or a log may show; `hidden` are the parameters the secret will travel in.

    The origin is left out: the source's name stands for it.
    """
    given = dict(params)
    if not given.keys().isdisjoint(hidden):
        params = tuple((name, REDACTED if name in hidden else value) for name, value in params)
    query = quote_query(params + tuple((name, REDACTED) for name in hidden if name not in given))
    return f"{path}?{query}" if query else path


def hide_values(url: str) -> str:
    """Return a loggable URL without its parameters' values, for readers who may not see personal data."""
    path, mark, query = url.partition("?")
    return path + mark + _VALUE.sub(f"={REDACTED}", query)


def hide_secrets(body: bytes, secrets: Sequence[str]) -> bytes:
    """Return a vendor's refusal without our own secrets, which it may repeat plain, quoted, escaped or in capitals."""
    forms = {form.encode().lower() for secret in filter(None, secrets) for form in _forms_of(secret)}
    small = body.lower()
    for form in sorted(forms, key=len, reverse=True):
        if form in small:
            body = re.sub(re.escape(form), REDACTED.encode(), body, flags=re.IGNORECASE)
            small = body.lower()
    return body


def _forms_of(secret: str) -> set[str]:
    """Write a secret in the ways of addresses, pages and JSON; some clients quote theirs twice (facts.md, 1.1)."""
    once = quote(secret, safe="")
    quoted = {once, quote(secret), quote_plus(secret), quote(once, safe="")}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {secret, *quoted, *escaped, html.escape(secret), html.escape(secret, quote=False)}


def sanitize_message(text: str) -> str | None:
    """
    Return what may be repeated of a vendor's message: plain text, one line, at most 200 characters.

    Tags, URLs, control characters and everything that looks like a credential are taken out; None when nothing is left.
    The source's own secrets are gone before, see `hide_secrets`.
    """
    text = _TAG.sub(" ", _SCRIPT.sub(" ", text[: 50 * MESSAGE_LIMIT]))
    text = _TAG.sub(" ", html.unescape(text))
    text = _URL.sub("", _UNPRINTABLE.sub(" ", text))
    text = _BEARER.sub(rf"\1 {REDACTED}", _NAMED_SECRET.sub(rf"\1\2{REDACTED}", text))
    text = _LONG_TOKEN.sub(REDACTED, text)
    text = " ".join(text.split())
    return (text if len(text) <= MESSAGE_LIMIT else text[: MESSAGE_LIMIT - 1] + "…") or None


def silence_loggers() -> None:
    """Cut the HTTP libraries' loggers off: some of their lines hold whole URLs, at levels down to DEBUG."""
    for name in _CHATTY:
        logger = logging.getLogger(name)
        logger.propagate = False
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())
