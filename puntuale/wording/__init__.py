"""How times, targets and promises are told to people, in their language and zone. Knows no pages, no settings."""
