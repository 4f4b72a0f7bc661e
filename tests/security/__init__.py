"""Classes of holes that help desks have had, each with a test that would have found it."""
