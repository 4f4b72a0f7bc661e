"""A real desk under load, while its processes are killed, stopped and lied to; and what must hold afterwards.

`./run torture` runs it, and so does a test, for shorter. This process never imports Django: the desk, its company and the
checks are programs of their own, on a home in /tmp that is gone afterwards.
"""
