"""The operations, by their subjects. They translate between HTTP and the verbs, and decide nothing."""
