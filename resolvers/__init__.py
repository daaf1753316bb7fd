"""Batch functions and loaders: records in, records out. Nothing here knows Strawberry or HTTP."""
