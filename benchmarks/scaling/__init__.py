"""A large desk under load, as it is run: groups of web processes and workers on one PostgreSQL, asked over the network."""
