"""How the ledger's tables came to be, one step after the other; they are run when a ledger is opened."""
