"""Telling somebody something, never lost and recognisable when it comes twice: intents, leases, transports."""
