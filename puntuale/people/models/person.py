"""A person: customer, agent or manager. Logs in with an e-mail address."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from puntuale.people.email import ERASED_DOMAIN, normalised
from puntuale.people.models.organisation import Organisation, refuse_unseen


class Role(models.TextChoices):
    """What a person may do. Customers belong to an organisation, the others to the vendor."""

    CUSTOMER = "customer"
    ORGANISATION_ADMIN = "organisation_admin"
    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


VENDOR_ROLES = (Role.AGENT, Role.MANAGER, Role.ADMINISTRATOR)
MINUTES_OF_A_DAY = 1_440
MANAGING_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)


class People(BaseUserManager["Person"]):
    """Finds persons by the address they log in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person with this address, however it is written."""
        return self.get(email=normalised(username or ""))


class Person(AbstractBaseUser):
    """A human being who writes or reads tickets. `left_at` is set when they may no longer log in.

    Sessions and signed links from before `credentials_from` are good for nothing.

    `uses_keys` tells whether single keys do something on the pages of the desk. From `quiet_from` up to `quiet_until`,
    in minutes of the day on her own clock, she is told nothing by mail but pages; without them, at any hour.
    """

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role, default=Role.CUSTOMER)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    language = models.CharField(max_length=10, default="en")
    zone_name = models.CharField(max_length=64, default="UTC")
    uses_keys = models.BooleanField(default=True)
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_until = models.PositiveSmallIntegerField(null=True, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    credentials_from = models.DateTimeField(null=True, blank=True)
    calendar_number = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        # For the lists of whom a ticket can be given to, beside any number of customers.
        indexes = [
            models.Index(
                fields=["name"],
                condition=models.Q(role__in=VENDOR_ROLES, left_at=None),
                name="person_at_the_desk",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="customers_belong_to_an_organisation",
                condition=models.Q(role__in=VENDOR_ROLES, organisation=None)
                | (~models.Q(role__in=VENDOR_ROLES) & models.Q(organisation__isnull=False)),
            ),
            models.CheckConstraint(
                name="quiet_hours_begin_and_end",
                condition=models.Q(quiet_from=None, quiet_until=None)
                | (
                    models.Q(quiet_from__isnull=False, quiet_from__lt=MINUTES_OF_A_DAY)
                    & models.Q(quiet_until__isnull=False, quiet_until__lt=MINUTES_OF_A_DAY)
                    & ~models.Q(quiet_from=models.F("quiet_until"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a name that nobody can see, on the repair pages as elsewhere."""
        super().clean()
        refuse_unseen(self.name)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session is signed with: another password, role or leaving signs them out everywhere.

        Also when they come back to the same role: `credentials_from` never returns to what it was.
        """
        bound = f"{self.password}|{self.role}|{self.left_at}{self.credentials_version}"
        return salted_hmac("puntuale.people.session", bound, secret=secret, algorithm="sha256").hexdigest()

    @property
    def credentials_version(self) -> str:
        """Return what signed links of this person are bound to: nothing as long as none was ever ended."""
        return f"|{self.credentials_from.timestamp():.6f}" if self.credentials_from else ""

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Tell whether she may log in."""
        return self.left_at is None

    @property
    def is_erased(self) -> bool:
        """Tell whether nothing but the number of this person is left, for good."""
        return self.email.endswith(f"@{ERASED_DOMAIN}")

    @property
    def works_for_vendor(self) -> bool:
        """Tell whether she answers tickets rather than sends them: agent, manager or administrator."""
        return self.role in VENDOR_ROLES

    @property
    def manages(self) -> bool:
        """Tell whether she runs the desk."""
        return self.role in MANAGING_ROLES

    @property
    def first_name(self) -> str:
        """Return what she is called in a greeting."""
        return self.name.split(" ", maxsplit=1)[0]

    # What the repair pages of Django ask.

    @property
    def is_staff(self) -> bool:
        """Tell whether she may repair rows by hand."""
        return self.is_active and self.manages

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        """Tell whether she may change rows of this kind by hand; managers may."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        """Tell whether she may see the rows of this room."""
        return self.is_staff
