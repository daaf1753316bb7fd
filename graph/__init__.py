"""The GraphQL face: schema, request guard, execution, server and command line."""
