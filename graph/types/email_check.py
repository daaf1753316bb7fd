"""What a source says of an e-mail address."""

from typing import Annotated, Any

import strawberry

from graph.types.connection_field import UNSET, SourceId, build_args
from graph.types.description import described
from graph.types.relation import GraphInfo, plain
from resolvers.email_check import EmailCheckArgs

Address = Annotated[str, strawberry.argument(description="The e-mail address to ask about; it need be nobody's.")]


@described(strawberry.type)
class EmailCheck:
    """What one vendor makes of an e-mail address, in its own meaning."""

    source: strawberry.ID = plain("The source that was asked.", name="sourceId")
    email: str = plain("The address that was asked about.")
    corrected: str | None = plain("The address as the vendor would use it, with slips of typing mended.")
    valid: bool | None = plain("Whether the vendor would send to it.")
    reason: str | None = plain("The vendor's word for why it would not.")
    provider: str | None = plain("Who runs the mailbox.")
    domain: str | None = plain("The address's domain.")
    trusted: bool | None = plain("Whether the vendor knows who runs the mailbox.")


def resolve_email_check(info: GraphInfo, email: Address, source: SourceId = UNSET) -> Any:
    """Ask about an address."""
    return info.load("Query", "checkEmail", None, build_args(EmailCheckArgs, email=email, source=source))
