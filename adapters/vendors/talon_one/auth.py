"""
Talon.One's keys: a word that says the key's kind, and the key, in the `Authorization` header.

Source: vendors/facts.md, 5.1.
"""

from dataclasses import dataclass

from pydantic import SecretStr

from adapters.transport.urls import Pairs


@dataclass(frozen=True, slots=True)
class KeyAuth:
    """A key of one kind, as `ManagementKey-v1`."""

    kind: str
    key: SecretStr

    def __post_init__(self) -> None:
        """
        Refuse a key that cannot stand in a header; a control character would start another header.

        Raises:
            ValueError: says so, without the key.
        """
        text = self.key.get_secret_value()
        if not (text.isascii() and text.isprintable() and text.strip() == text and text):
            raise ValueError("A key must be plain ASCII without line breaks or blanks around it.")

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return nothing: no parameter is secret."""
        return ()

    def query(self) -> Pairs:
        """Return nothing: the secret is in a header."""
        return ()

    def headers(self) -> Pairs:
        """Return the header with the key."""
        return (("Authorization", f"{self.kind} {self.key.get_secret_value()}"),)

    def secrets(self) -> tuple[str, ...]:
        """Return the key."""
        return (self.key.get_secret_value(),)
