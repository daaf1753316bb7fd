"""
Files of members: one column, `profileintegrationid`.

Source: T1-OAS-MGMT, Import audience members and Export audience members.
"""

import csv
import io
from collections.abc import Iterable
from email.parser import BytesParser
from email.policy import HTTP

from adapters.sandbox import ReceivedRequest

from .refusals import refuse_value

COLUMN = "profileintegrationid"
FIELD = "upFile"


def write_members(ids: Iterable[str]) -> bytes:
    """The file of an export."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([[COLUMN], *([each] for each in ids)])
    return file.getvalue().encode()


def read_upload(request: ReceivedRequest) -> list[str]:
    """
    The ids in an uploaded file, each once.

    Raises:
        Refusal: 400 without the multipart field or with other columns; `line` says where.
    """
    rows = list(csv.reader(io.StringIO(_read_field(request), newline="")))
    if not rows or [name.strip() for name in rows[0]] != [COLUMN]:
        raise refuse_value("Unknown", f"The file must have the one column {COLUMN}.", line="1")
    return list(dict.fromkeys(row[0] for row in rows[1:] if row and row[0]))


def _read_field(request: ReceivedRequest) -> str:
    """The text of the multipart field, whether it was sent as a file or as a value."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n"
    parsed = BytesParser(policy=HTTP).parsebytes(head.encode() + request.body)
    for part in parsed.iter_parts() if parsed.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == FIELD:
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8-sig", "replace") if isinstance(payload, bytes) else ""
    raise refuse_value("Unknown", f"The request has no field {FIELD}.", pointer=f"/{FIELD}")
