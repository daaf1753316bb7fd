"""
The compiled executor: an operation becomes a plan once, and the plan is run column by column.

graphql-core walks an answer value by value. Here each field is read for all its parents together, a relation with one
call of its batch function, and the answer's objects are built when everything has arrived. Records that stand in
several places of the answer are completed once and shared. Meaning has one home: fields are collected, arguments
read, types resolved and values coerced by graphql-core's and Strawberry's own functions, and relations are answered
through the same collector by the same batch functions.

What it does not do goes to graphql-core and is counted: introspection (`__schema`, `__type`), subscriptions,
incremental delivery (`@defer`, `@stream`), and operations that ask for no error propagation.

Two things a resolver may notice: `info.path` holds no places in lists, and a resolver that takes no `info` is called
once for a record that stands in several places.
"""
