"""Signing up: an address that somebody says is hers, and the request to join an organisation."""

from django.db import models

from puntuale.people.models.organisation import Organisation
from puntuale.people.models.person import Person


class SignUp(models.Model):
    """An address and the code that was sent to it, kept as a hash: empty where the address has an account already.

    `unchecked_because` is set when the address could not be judged; then a person looks at it, at `reviewed_at`.
    """

    address = models.CharField(max_length=254)
    domain = models.CharField(max_length=253)
    unchecked_because = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # For what managers are to look at.
            models.Index(
                fields=["finished_at"],
                condition=models.Q(reviewed_at=None, finished_at__isnull=False) & ~models.Q(unchecked_because=""),
                name="to_be_reviewed",
            ),
            # For the codes that an address was sent lately.
            models.Index(fields=["address", "asked_at"], name="asked_for_address"),
        ]

    def __str__(self) -> str:
        return f"sign-up {self.pk}"


class JoinRequest(models.Model):
    """Somebody whose address is proven asks to join an organisation. It is over at `decided_at`.

    Approved when there is a `person`, else refused. The password waits here, hashed, until then.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="join_requests")
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200)
    password = models.CharField(max_length=128, blank=True)
    language = models.CharField(max_length=10)
    zone_name = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=models.Q(decided_at=None), name="one_open_request_an_address"
            )
        ]

    def __str__(self) -> str:
        return f"request {self.pk} to join"
