"""The machines' door: everything the other doors can do, over HTTP, for programs with a token."""
