"""The pages of the agents' door. They translate between the web and the verbs, and decide nothing."""
