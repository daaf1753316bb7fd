"""
Refusals: the vendor's statuses, always with an XHTML page.

Source: taguchi-v4-api.txt, Error Handling (statuses); vendors/facts.md, 1.1 (the page, whatever Accept says).
"""

from http import HTTPStatus

from adapters.sandbox import Reply
from adapters.sandbox.replies import html_page


class Refusal(Exception):  # noqa: N818 - not an error of ours: the vendor's answer, raised to leave early
    """
    The request ends here with this status and text.
    """

    def __init__(self, status: HTTPStatus, text: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """`text` is what the official client would print."""
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers

    def to_reply(self) -> Reply:
        """The refusal as it goes out."""
        title = f"{self.status.value} {self.status.phrase}"
        return Reply(
            self.status.value, html_page(title, self.text), "application/xhtml+xml; charset=UTF-8", self.headers
        )


def bad_request(text: str) -> Refusal:
    """400: the request was not accepted."""
    return Refusal(HTTPStatus.BAD_REQUEST, text)


def not_found(text: str) -> Refusal:
    """404: the requested resource does not exist."""
    return Refusal(HTTPStatus.NOT_FOUND, text)
