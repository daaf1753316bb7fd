"""
The keys of a Taguchi V5 source's table in `sources.toml`: one endpoint integration, as its page is filled in.

What an endpoint is set up to do cannot be asked of it, so the table repeats the page.
Source: taguchi-v5-integration.txt, Details and Configuration.
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from adapters.contract import SourceSettings
from adapters.records import Entity
from adapters.transport.limits import ClientLimits
from adapters.transport.urls import check_base_url

from .credentials import Auth
from .openapi import read_document
from .operations import Operation, find_erasure, find_operation, find_partition_path

RESOURCES: Final = ("subscriber", "partition")
PRODUCTION, TEST = "prod", "test"


class OpenApiFile(BaseModel, frozen=True, extra="forbid"):
    """
    The endpoint's own OpenAPI file, downloaded from its page, in JSON.

    A relative path is one beside `sources.toml`, where the loader says which folder that is, and else one below the
    folder the server was started in. `profile` and `partition` name the operation that reads one by its operationId,
    where several could; `anonymization` likewise the one that anonymises a profile.
    """

    file: Path
    profile: str | None = None
    partition: str | None = None
    anonymization: str | None = None

    @field_validator("file")
    @classmethod
    def _complete(cls, file: Path, info: ValidationInfo) -> Path:
        return Path((info.context or {}).get("folder", "")) / file


class UnsubscribeRule(BaseModel, frozen=True, extra="forbid"):
    """
    A custom field that unsubscribes people: when it equals `value` (`==`), or when it differs from it (`!=`).

    Source: Custom field, Operator and Unsubscribe value; the page prints the second operator as `=!`.
    """

    field: str = Field(min_length=1)
    operator: Annotated[Literal["==", "!="], BeforeValidator(lambda word: "!=" if word == "=!" else word)]
    value: str | int | float | bool


def _parse_rules(rules: Any) -> Any:
    """Take the validation rules as a table, or as the JSON text that stands on the page."""
    if not isinstance(rules, str):
        return rules
    try:
        return orjson.loads(rules)
    except orjson.JSONDecodeError:
        raise ValueError("write the page's JSON object as it stands there, or as a table.") from None


class TaguchiV5Settings(SourceSettings, frozen=True, extra="forbid", use_attribute_docstrings=True):
    """One Taguchi V5 endpoint integration. Keys that only concern writes are checked now and used by writes."""

    vendor: Literal["taguchi_v5"]
    base_url: str
    """The whole address of the production endpoint, with its `/prod` and without `/subscriber`."""
    organization_id: int = Field(gt=0)
    """The organization that the profiles belong to; it is sent with each of them."""
    auth: Auth
    """`{ token = … }`, `{ jwt_secret = … }` (HS256), `{ private_key = … }` (RS256) or `{ none = true }`."""
    openapi: OpenApiFile | None = None
    """
    How the endpoint is read: its documentation says nothing of that, so without it nothing is. `file` is the OpenAPI
    file from its page, in JSON; `profile`, `partition` and `anonymization` name an operation where several could be it.
    """

    identify_by: Literal["ref", "email", "phone"]
    """Identify profiles by: External ID (`ref`), e-mail address (`email`) or telephone number (`phone`)."""
    allow_retrieval: bool = False
    """Allow subscriber profile retrieval: whether people can be looked up."""
    allow_creation: bool = False
    """Allow profile creation: whether a write may add people."""
    allow_updates: bool = False
    """Allow profile updates: whether a write may change people."""
    allow_anonymization: bool = False
    """Allow profile anonymization: whether people can be erased."""
    allow_events: bool = False
    """Allow event logging: whether events can be logged."""
    allow_messages: bool = False
    """Allow messages to be sent: whether messages can be sent."""
    validation: Annotated[dict[str, Any] | None, BeforeValidator(_parse_rules)] = None
    """Field validation rules (JSON object): what a profile must satisfy; checked before it is sent."""
    trigger_activity_id: int | None = Field(default=None, gt=0)
    """Trigger activity ID: the one activity that messages are sent by; without it each message names its own."""
    allow_unsubscribed_messages: bool = False
    """Allow messages to be sent to unsubscribed users: whether a message goes to people who have left, too."""
    main_list_id: int | None = Field(default=None, gt=0)
    """Add subscriber profiles to main list: the list that people join who are added."""
    unsubscribe_mode: Literal["global", "main_list"] = "global"
    """Mode for unsubscribes: whether leaving means leaving everything (`global`), or the main list (`main_list`)."""
    unsubscribe_rule: UnsubscribeRule | None = None
    """Custom field to unsubscribe subscribers: `{ field, operator = "==" | "!=", value }`; a write may set it off."""
    import_source: str | None = Field(default=None, min_length=1)
    """Import source name: what Taguchi names as the source of what is written."""
    deduplication_s: int = Field(default=0, ge=0)
    """Request deduplication period (sec): within it the same request is dropped, so that it may be sent again."""
    webhook_mode: bool = False
    """Always return 200 even if errors occur (webhook mode): a success is then none that anybody knows of."""
    other_list_ids: tuple[Annotated[int, Field(gt=0)], ...] = ()
    """Add subscriber profiles to other lists: further lists that people join who are added."""
    identify_partitions_by: Literal["ref", "id"] | None = None
    """Identify partitions by: External ID (`ref`) or Taguchi ID (`id`); needed where any partitions are allowed."""
    allow_partition_retrieval: bool = False
    """Allow partition retrieval: whether partitions can be looked up."""
    allow_partition_creation: bool = False
    """Allow partition creation: whether a write may add partitions."""
    allow_partition_updates: bool = False
    """Allow partition updates: whether a write may change partitions."""

    @model_validator(mode="after")
    def _check_address(self) -> "TaguchiV5Settings":
        address = check_base_url(self.base_url, allow_private=self.allow_private)
        if address.rpartition("/")[2] in RESOURCES:
            raise ValueError("base_url must be the endpoint itself; leave what follows /prod out of it.")
        return self

    @model_validator(mode="after")
    def _check_options(self) -> "TaguchiV5Settings":
        partitions = (self.allow_partition_retrieval, self.allow_partition_creation, self.allow_partition_updates)
        if any(partitions) and self.identify_partitions_by is None:
            raise ValueError('identify_partitions_by is missing where partitions are allowed; add "ref" or "id".')
        if self.unsubscribe_mode == "main_list" and self.main_list_id is None:
            raise ValueError("unsubscribe_mode names the main list, and main_list_id says none; add it.")
        return self

    @model_validator(mode="after")
    def _check_file(self) -> "TaguchiV5Settings":
        if self.openapi is not None:
            len(self.reads)
            bool(self.erasure)
        return self

    @property
    def account(self) -> str:
        """The endpoint: with other credentials it is the same."""
        return self.base_url.rstrip("/")

    @property
    def test_url(self) -> str | None:
        """The address of the test endpoint, or None where the base URL names no stage. Source: facts.md, 2.1."""
        segments = self.account.split("/")
        if PRODUCTION not in segments:
            return None
        place = len(segments) - 1 - segments[::-1].index(PRODUCTION)
        return "/".join([*segments[:place], TEST, *segments[place + 1 :]])

    @cached_property
    def reads(self) -> dict[Entity, Operation]:
        """
        How each kind of record that may be read is looked up; empty without the endpoint's file.

        Raises:
            ValueError: the file cannot be used, or holds no such operation.
        """
        if self.openapi is None:
            return {}
        document, path = read_document(self.openapi.file), urlsplit(self.account).path
        wanted = {
            Entity.SUBSCRIBER: (self.allow_retrieval, self.identify_by, self.openapi.profile),
            Entity.PARTITION: (self.allow_partition_retrieval, self.identify_partitions_by, self.openapi.partition),
        }
        return {
            entity: find_operation(document, entity, identity, path, named)
            for entity, (allowed, identity, named) in wanted.items()
            if allowed and identity is not None
        }

    @cached_property
    def erasure(self) -> Operation | None:
        """
        How a profile is anonymised; None where that is not allowed, or the endpoint's file does not tell how.

        Raises:
            ValueError: the operation that the source names cannot be called.
        """
        if self.openapi is None or not self.allow_anonymization:
            return None
        document, path = read_document(self.openapi.file), urlsplit(self.account).path
        return find_erasure(document, self.identify_by, path, self.openapi.anonymization)

    @cached_property
    def partition_path(self) -> str | None:
        """Where partitions are written; None where that is not allowed, or the endpoint's file does not tell."""
        if self.openapi is None or not (self.allow_partition_creation or self.allow_partition_updates):
            return None
        return find_partition_path(read_document(self.openapi.file), urlsplit(self.account).path)

    @property
    def drops_repetitions(self) -> bool:
        """Whether a request that is sent again for want of an answer is surely dropped; see `deduplication_s`."""
        limits = ClientLimits(attempt_s=self.attempt_s)
        return self.deduplication_s > limits.attempts * (limits.attempt_s + limits.backoff_cap_s)
