"""The pages of the customers' door. They translate between the web and the verbs, and decide nothing."""
