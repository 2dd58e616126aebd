"""Commercial documents: their chain, their totals, and how other modules read them."""
