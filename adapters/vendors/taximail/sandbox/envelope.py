"""
The envelope around everything the vendor says: `status`, `code`, then `data` or `err_msg`.

Source: taximail-contacts.txt, Fields of every call.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import orjson

from adapters.sandbox import Reply

from .options import SandboxOptions

JSON = "application/json"

Row = dict[str, Any]
Around = Callable[[Sequence[Row]], Any]


class Refusal(Exception):  # noqa: N818 - not an error of ours: the vendor's answer, raised to leave early
    """The request ends here with this code and text."""

    def __init__(self, code: int, text: str) -> None:
        """`text` is the envelope's `err_msg`."""
        super().__init__(text)
        self.code = code
        self.text = text


def bad_request(text: str = "The request is malformed or missing some required parameters.") -> Refusal:
    """400, in the document's words unless it has others."""
    return Refusal(HTTPStatus.BAD_REQUEST, text)


def not_found(text: str) -> Refusal:
    """404: what is missing, in the document's words."""
    return Refusal(HTTPStatus.NOT_FOUND, text)


class Printer:
    """Prints answers as one request wants them."""

    def __init__(self, options: SandboxOptions, *, pretty: bool = False) -> None:
        """`pretty` breaks the lines. Source: vendors/facts.md, 3.1."""
        self._options = options
        self._flags = orjson.OPT_INDENT_2 if pretty else 0

    def success(self, data: Any = None, code: int = HTTPStatus.OK) -> Reply:
        """Say that it worked; without data where the document shows none."""
        return Reply(code, self._print(self._succeed(data, code)), JSON)

    def rows(self, rows: Sequence[Row], around: Around) -> Reply:
        """Say it in rows; `around` builds the data that holds them."""
        return Reply.of_rows(rows, lambda kept: self._print(self._succeed(around(kept), HTTPStatus.OK)), JSON)

    def plain(self, body: Row) -> Reply:
        """Print a body without an envelope of this kind."""
        return Reply(HTTPStatus.OK, self._print(body), JSON)

    def refuse(self, refusal: Refusal) -> Reply:
        """Say that it did not work."""
        body = {"status": "error", "code": self._code(refusal.code), "err_msg": refusal.text}
        return Reply(HTTPStatus.OK if self._options.errors_in_200 else refusal.code, self._print(body), JSON)

    def _succeed(self, data: Any, code: int) -> Row:
        body: Row = {"status": "success", "code": self._code(code)}
        return body if data is None else {**body, "data": data}

    def _code(self, code: int) -> int | str:
        return str(int(code)) if self._options.code_as_text else int(code)

    def _print(self, body: Row) -> bytes:
        return orjson.dumps(_to_text(body) if self._options.numbers_as_text else body, option=self._flags)


def _to_text(value: Any) -> Any:
    """Print the numbers in an answer as text, those of the envelope excepted."""
    if isinstance(value, dict):
        return {name: each if name == "code" else _to_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_to_text(each) for each in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
