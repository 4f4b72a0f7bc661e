"""Mail that comes in: kept, read, decided about, acted on; each in a step of its own."""
