"""What is kept about people: shown to them, erased when they ask, forgotten in time."""
