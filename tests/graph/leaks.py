"""
The search for a secret in everything that was written: plain, and in every form it may travel or be printed in.
"""

import base64
import html
import json
import logging
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote, quote_plus

FORMATTER: Final = logging.Formatter("%(name)s %(levelname)s %(message)s")


def forms_of(secret: str) -> dict[str, str]:
    """Return the forms of a secret by name; letters' case does not matter in any of them but base64."""
    raw = secret.encode()
    once = quote(secret, safe="")
    escaped = json.dumps(secret)[1:-1]
    return {
        "plain": secret,
        "quoted": once,
        "quoted but for slashes": quote(secret),
        "quoted as a form": quote_plus(secret),
        "quoted twice": quote(once, safe=""),
        "in JSON": escaped,
        "in JSON, letters kept": json.dumps(secret, ensure_ascii=False)[1:-1],
        "in JSON within JSON": json.dumps(escaped)[1:-1],
        "in HTML": html.escape(secret),
        "in HTML, quotes kept": html.escape(secret, quote=False),
        "as Python prints it": repr(secret)[1:-1],
        "as Python prints its bytes": repr(raw)[2:-1],
        "in the wrong encoding": raw.decode("latin-1"),
        "in hex": raw.hex(),
        **{f"in base64 after {shift} bytes": _in_base64(raw, shift) for shift in range(3)},
        **{f"in URL-safe base64 after {shift} bytes": _url_safe(_in_base64(raw, shift)) for shift in range(3)},
    }


def _in_base64(raw: bytes, shift: int) -> str:
    """The characters that the secret alone decides when so many bytes of something else stand before it."""
    first = -(-8 * shift // 6)
    last = 8 * (shift + len(raw)) // 6
    return base64.b64encode(b"\0" * shift + raw).decode()[first:last]


def _url_safe(text: str) -> str:
    return text.translate(str.maketrans("+/", "-_"))


def find_leaks(texts: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """Return which secret stands in which form in which text; an empty list is what every test wants."""
    joined = "\n".join(texts)
    folded = joined.casefold()
    found = []
    for secret in secrets:
        for name, form in forms_of(secret).items():
            place = joined.find(form) if "base64" in name else folded.find(form.casefold())
            if place >= 0:
                found.append(f"{name}: …{joined[max(0, place - 60) : place + len(form)]}")
    return found


def describe_error(error: BaseException) -> Iterator[str]:
    """Yield everything an exception says of itself and of what led to it."""
    yield "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    seen: BaseException | None = error
    while seen is not None:
        yield f"{seen!r} {seen} {seen.args!r} {vars(seen)!r}"
        seen = seen.__cause__ or seen.__context__


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.texts: list[str] = []
        self.setFormatter(FORMATTER)

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """
    Collect what any logger says at DEBUG, those that were cut off from the root included.

    Uvicorn's are left out: in a test's process it only serves vendors, whose own logs are theirs.
    """
    handler = _Lines()
    handler.addFilter(lambda record: not record.name.startswith("uvicorn"))
    root = logging.getLogger()
    loggers = [root, *(each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger))]
    levels = [(each, each.level) for each in loggers]
    deaf = [root, *(each for each in loggers if not each.propagate)]
    for each in loggers:
        each.setLevel(logging.DEBUG)
    for each in deaf:
        each.addHandler(handler)
    try:
        yield handler.texts
    finally:
        for each, level in levels:
            each.setLevel(level)
        for each in deaf:
            each.removeHandler(handler)


def print_all(*things: Any) -> list[str]:
    """Print things as a debugger or a careless log line would."""
    return [f"{each!r} {each} {getattr(each, '__dict__', '')!r}" for each in things]
