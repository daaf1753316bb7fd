"""
What the replies to writes mean. What cannot be read after a write is an error: then nobody knows what became of it.

Source: taguchi-v4-api.txt, Error Handling; vendors/facts.md, 1.3: GET, PUT, POST and CREATEORUPDATE answer with the
record in an array. What DELETE and the commands answer is not said and public clients throw it away: 204, or JSON
objects, alone or in an array, with the status of success.
"""

from typing import Final, NoReturn

from adapters.contract import Outcome
from adapters.errors import VendorAbsentError, VendorRejectedError
from adapters.recipes import StepResult
from adapters.records import Entity
from adapters.refusals import build_contract_error, build_error
from adapters.transport.body import decode_json
from adapters.transport.client import Reply
from adapters.vendors.taguchi_v4.endpoints import message_of, raise_refusal
from adapters.vendors.taguchi_v4.mapping import V4Record, to_record
from adapters.vendors.taguchi_v4.reply_rows import build_unreadable
from adapters.vendors.taguchi_v4.values import UnreadableError
from adapters.vendors.taguchi_v4.wire import Row

OK: Final = 200
NO_CONTENT: Final = 204
_FIRST_REFUSAL, _ABSENT, _UNSUPPORTED = 400, 404, 405


def read_written(reply: Reply, entity: Entity, id_: str | None = None) -> tuple[Row, V4Record]:
    """
    Return the record a write answers with, as a row and as a record; `id_` is the one it must be.

    Raises:
        FacadeError: the vendor refused, or the reply is not the one record that was written.
    """
    if reply.status != OK:
        _raise_refusal(reply)
    rows = decode_json(reply)
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise build_contract_error(reply, "something else than the record that was written", "RECORD_EXPECTED")
    reply.call.rows = 1
    try:
        record = to_record(entity, reply.call.source, rows[0])
    except UnreadableError as error:
        raise build_unreadable(reply, entity, error) from None
    if id_ is not None and record.id != id_:
        raise build_contract_error(reply, "another record than was written", "RECORD_OTHER")
    return rows[0], record


def read_done(reply: Reply, id_: str | None, outcome: Outcome) -> StepResult:
    """Read the reply of a write that answers with nothing in particular; raises as `read_written`."""
    if reply.status not in {OK, NO_CONTENT}:
        _raise_refusal(reply)
    if reply.status == OK:
        said = decode_json(reply)
        rows = said if isinstance(said, list) else [said]
        if not all(isinstance(row, dict) for row in rows):
            raise build_contract_error(reply, "something else than an answer to a write", "ANSWER_EXPECTED")
    return StepResult(outcome=outcome, id=id_)


def _raise_refusal(reply: Reply) -> NoReturn:
    """Raise what a status means after a write: a record that is not there, or a method it has not, changed nothing."""
    if reply.status == _ABSENT:
        what, said = "has no such record any more", message_of(reply.body)
        raise build_error(reply, VendorAbsentError, what, "RECORD_GONE", said, hint="Read it again.")
    if reply.status == _UNSUPPORTED:
        what, said = "does not support this for such records", message_of(reply.body)
        raise build_error(reply, VendorRejectedError, what, "METHOD_UNSUPPORTED", said)
    if reply.status < _FIRST_REFUSAL:
        raise build_contract_error(reply, "a status its document does not name for this", "STATUS_UNKNOWN")
    raise_refusal(reply)
