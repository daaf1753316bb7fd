"""The HTTP face: what a request must be to reach the schema, and where everything is put together."""
