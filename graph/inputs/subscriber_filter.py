"""Which subscribers."""

import strawberry

from adapters.records import Entity
from graph.inputs.condition import compared, elements, keyed
from graph.inputs.filter_input import filter_input
from graph.inputs.operators import DateFilter, IdFilter, MembershipStateFilter, TextFilter, TimeFilter
from graph.types.description import described


@described(strawberry.input)
class MembershipFilter:
    """
    What a person's places on lists must be. Several fields, and several operators, must all hold.

    One and the same membership must satisfy everything asked for: `{listId: {eq: "3"}, state: {eq: ACTIVE}}` finds
    people who are on list 3 now. What is excluded by `neq` or `notIn` must be true of no membership at all:
    `{listId: {neq: "3"}}` leaves out everyone who is or ever was on list 3, and keeps people without any list.
    """

    list_id: IdFilter | None = compared("The vendor's id of the list.")
    state: MembershipStateFilter | None = compared("Whether the person is on the list now or has left it.")
    joined_at: TimeFilter | None = compared("When the person was last put on the list.")
    left_at: TimeFilter | None = compared("When the person left the list.")
    option: TextFilter | None = compared("The free text kept with the membership.")
    campaign_id: IdFilter | None = compared("The vendor's id of the campaign that brought the membership about.")
    import_id: IdFilter | None = compared("The vendor's id of the import that brought the membership about.")


@described(strawberry.input)
class AudienceMembershipFilter:
    """
    What a person's places in audiences must be. One and the same place must satisfy everything asked for.
    """

    audience_id: IdFilter | None = compared("The vendor's id of the audience.")
    name: TextFilter | None = compared("The audience's name, where the person's record tells it.")


@described(strawberry.input)
class CustomFieldFilter:
    """What one custom field must be. A record without the field counts as one without a value."""

    key: str = strawberry.field(description="The field's name at the vendor.")
    value: TextFilter = strawberry.field(description="What its text must be.")


@filter_input(Entity.SUBSCRIBER)
class SubscriberFilter:
    """Which people. Several fields in one object must all match; `{}` matches everyone."""

    id: IdFilter | None = compared("The vendor's own id of the person.", name="vendorId")
    ref: TextFilter | None = compared("Your own key for the person.")
    email: TextFilter | None = compared("The e-mail address.")
    title: TextFilter | None = compared("The salutation.")
    first_name: TextFilter | None = compared("The first name.")
    last_name: TextFilter | None = compared("The last name.")
    phone: TextFilter | None = compared("The landline number.")
    mobile: TextFilter | None = compared("The mobile number.")
    birth_date: DateFilter | None = compared("The day of birth.")
    gender: TextFilter | None = compared("The gender, as it was entered.")
    address: TextFilter | None = compared("The first line of the postal address.")
    address2: TextFilter | None = compared("The second line of the postal address.")
    address3: TextFilter | None = compared("The third line of the postal address.")
    suburb: TextFilter | None = compared("The suburb or city.")
    state: TextFilter | None = compared("The state or province.")
    country: TextFilter | None = compared("The country, as it was entered.")
    postcode: TextFilter | None = compared("The postal code.")
    unsubscribed_at: TimeFilter | None = compared("When the person opted out of everything.")
    bounced_at: TimeFilter | None = compared("When the e-mail address proved invalid.")
    campaign_id: IdFilter | None = compared("The vendor's id of the campaign that brought the person.")
    import_id: IdFilter | None = compared("The vendor's id of the import that brought the person.")
    memberships: MembershipFilter | None = elements("The person's places on lists.", MembershipFilter)
    audiences: AudienceMembershipFilter | None = elements(
        "The audiences that the person's own record names.", AudienceMembershipFilter
    )
    custom_fields: CustomFieldFilter | None = keyed(
        "A field your company has added. For two of them, put each in an object of its own under `and`.",
        name="customField",
    )
