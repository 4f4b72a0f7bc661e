"""The door everybody comes through: sign-up, sign-in, second factors, sessions, one's own people."""
