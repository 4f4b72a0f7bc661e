"""Who may go where, and what each may change: every route, every role."""
