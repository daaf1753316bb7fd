"""What a client may give: filters, orders and look-ups, each with its pure step to the vendor-neutral tree."""
