"""A believable company, made by calling the verbs with instants in the past."""
