"""On call: who is to be woken, in what order, and what becomes of it."""
