"""
What the vendor makes of an e-mail address: whether it is valid, and what it would be corrected to.
"""

from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.errors import InputError
from adapters.identity import to_email_key
from adapters.records import EmailCheckRecord
from adapters.refusals import build_contract_error

from .endpoints import build_email_check
from .mapping import to_email_check
from .reading import Reader
from .replies import read_data
from .values import UnreadableError

LONGEST: Final = 1_000
"""Much longer than any address; the vendor has to judge the rest."""


async def fetch_email_check(reader: Reader, email: str, scope: CallScope, *, purpose: str) -> EmailCheckRecord:
    """
    Ask about one address, with correction; nobody is created or mailed.

    Raises:
        InputError: the text is empty or far too long to be one.
        VendorError: the call failed, or its reply is not about this address.
    """
    if not email.strip() or len(email) > LONGEST:
        raise InputError("This cannot be an e-mail address.", hint="Give one address.", path=("email",))
    reply = await reader.client.send(build_email_check(email, CallNote(purpose)), scope)
    data = read_data(reply)
    try:
        row = data if isinstance(data, dict) else {}
        record = to_email_check(reader.account.source, email, row)
    except UnreadableError as error:
        raise build_contract_error(reply, f"a verdict in which {error}", "VERDICT_EXPECTED") from None
    if to_email_key(str(row.get("orig") or email)) != to_email_key(email):
        raise build_contract_error(reply, "a verdict on another address", "RECORD_OTHER")
    return record
