"""Who takes part: addresses to sign in with."""

PASSWORD = "a long enough secret"
CUSTOMERS = {
    "anna@northwind.test": "advanced",
    "andrea@northwind.test": "advanced",
    "paola@fabrikam.test": "professional",
    "bruno@litware.test": "basic",
}
"""Each with her plan."""
AGENTS = ("ada@desk.test", "grace@desk.test")
MANAGER = "mara@desk.test"
