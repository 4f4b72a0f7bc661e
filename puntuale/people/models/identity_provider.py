"""A server outside that tells who somebody is: single sign-on of an organisation, or of the vendor."""

from django.db import models

from puntuale.people.models.organisation import Organisation
from puntuale.people.models.person import Person


class IdentityProvider(models.Model):
    """An OpenID Connect server. It speaks for the people of one organisation, and for addresses of its domains only.

    `key` is a part of addresses, the secret is sealed. Without an organisation it is the vendor's own, and lets in only
    who is known already.
    """

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="providers")
    server = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    sealed_secret = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
