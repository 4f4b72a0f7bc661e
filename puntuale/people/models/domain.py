"""Domains of e-mail addresses: what managers ruled about them, and whose they are."""

from django.db import models

from puntuale.people.models.organisation import Organisation
from puntuale.people.models.person import Person


class DomainRule(models.Model):
    """What a manager ruled about a domain and everything below it, against whatever the lists say."""

    domain = models.CharField(max_length=253, unique=True)
    is_company = models.BooleanField()
    because = models.CharField(max_length=200, blank=True)
    ruled_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    ruled_at = models.DateTimeField()

    class Meta:
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain


class OrganisationDomain(models.Model):
    """A domain whose addresses are an organisation's: proven by a code, or said by a manager."""

    domain = models.CharField(max_length=253, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    known_since = models.DateTimeField()

    class Meta:
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain
