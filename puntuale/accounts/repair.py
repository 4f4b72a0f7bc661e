"""The repair pages of accounts: a lost second factor is taken away there, and nothing else."""

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest
from procrastinate.contrib.django.models import ProcrastinateJob

from puntuale.looks.requests import address_of
from puntuale.people.audit import about, record
from puntuale.people.models import Role
from puntuale.privacy.repair import RepairPage

OFFERED = (EmailAddress, EmailConfirmation, SocialAccount, SocialApp, SocialToken, UserSession, Authenticator)


class LostFactor(RepairPage):
    """A second factor that somebody has lost. What it keeps is shown to nobody."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = ("user", "type", "created_at", "last_used_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Tell that nobody gives a factor to somebody else."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Tell that nobody changes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether one may be taken away: not one's own, for which a proof is asked, nor one of somebody above."""
        if obj is not None:
            if obj.user_id == request.user.pk:
                return False
            if obj.user.role == Role.ADMINISTRATOR and request.user.role != Role.ADMINISTRATOR:  # type: ignore[union-attr]
                return False
        return super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take one away, and write that down."""
        at = request.at  # type: ignore[attr-defined]
        told = {"at": at, "address": address_of(request), "kind": str(obj.type)}
        record("second_factor_removed", by=request.user, about=about(obj.user), **told)  # type: ignore[arg-type]
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Take several away, each written down."""
        for one in queryset:
            self.delete_model(request, one)


def take_over() -> None:
    """Take away what django-allauth offers there, which would let addresses and servers be made by hand."""
    for model in OFFERED:
        if admin.site.is_registered(model):
            admin.site.unregister(model)
    admin.site.register(Authenticator, LostFactor)
    # Its arguments hold addresses and letters, and its buttons change jobs without a trace.
    if admin.site.is_registered(ProcrastinateJob):
        admin.site.unregister(ProcrastinateJob)
