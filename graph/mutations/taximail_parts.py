"""What only Taximail is told of an import: the part of its input named `taximail`."""

from enum import Enum

import strawberry

from graph.mutations.field import given
from graph.types.description import described
from graph.types.enums import describe_enum


class TaximailImportMode(Enum):
    """Where the rows of an import are."""

    COPY_AND_PASTE = "copyandpaste"
    FROM_FILE = "fromfile"


class TaximailTerminator(Enum):
    """What stands between two values of a row."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


class TaximailEncloser(Enum):
    """What stands around a value."""

    NONE = "none"
    SINGLE_QUOTE = "single_quote"
    DOUBLE_QUOTE = "double_quote"


class TaximailSuppression(Enum):
    """Whether people are put on the account's suppression list."""

    NONE = "none"
    GLOBAL = "global"


describe_enum(
    TaximailImportMode,
    "TaximailImportMode",
    "Where the rows of an import are.",
    {
        "COPY_AND_PASTE": "In the input's `items`.",
        "FROM_FILE": "In a CSV file that Taximail can read, of at most 50 MB.",
    },
)
describe_enum(
    TaximailTerminator,
    "TaximailTerminator",
    "What stands between two values of a row.",
    {"COMMA": "A comma.", "SEMICOLON": "A semicolon.", "TAB": "A tab."},
)
describe_enum(
    TaximailEncloser,
    "TaximailEncloser",
    "What stands around each value of a row.",
    {"NONE": "Nothing.", "SINGLE_QUOTE": "A single quote.", "DOUBLE_QUOTE": "A double quote."},
)
describe_enum(
    TaximailSuppression,
    "TaximailSuppression",
    "Whether people are put on the account's suppression list, whose members get no mail at all.",
    {"NONE": "They are not.", "GLOBAL": "They are."},
)


@described(strawberry.input)
class TaximailImportInput:
    """How Taximail takes an import. What is left out is chosen safely: nobody is mailed, and no opt-out is undone."""

    mode: TaximailImportMode | None = given("Where the rows are; COPY_AND_PASTE unless `pathFile` is given.")
    path_file: str | None = given("For FROM_FILE: the path of the CSV file, which ends in `.csv`.")
    matched_fields: list[str] | None = given(
        "For FROM_FILE: what each column of the file holds, in their order: `email`, `firstname`, `lastname`, a custom "
        "field's key (`custom_field_208`, or its own), or `0` for a column to be ignored. A list that takes an address "
        "twice needs its id field among them."
    )
    field_terminator: TaximailTerminator | None = given(
        "What stands between two values. Left out: a comma in a file, and with `items` whatever no value holds."
    )
    field_encloser: TaximailEncloser | None = given(
        "What stands around a value. Left out: nothing in a file, and with `items` whatever they need."
    )
    update_duplicates: bool | None = given(
        "Whether people who are on the list already get the values given, and only those; true where it is left out."
    )
    not_send_optin_email: bool | None = given(
        "true, as where it is left out: nobody is mailed. false: Taximail asks everybody by mail to confirm, which "
        "needs the scope `send`."
    )
    add_to_suppression_list: TaximailSuppression | None = given(
        "GLOBAL: everybody in the import gets no mail any more. NONE where it is left out."
    )
