"""The customers' door: the published page, the form, a customer's tickets."""
