"""The GraphQL types. Their source objects are the records themselves: nothing is copied."""
