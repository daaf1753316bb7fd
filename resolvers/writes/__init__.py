"""Writes: checked, entered in the ledger, sent at most once, and told honestly."""
