"""Vendor adapters: filters in, vendor calls out, records back. Nothing here knows GraphQL."""
