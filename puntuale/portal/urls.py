"""The routes of the customers' door."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.utils.translation import gettext_lazy as _

from puntuale.portal.views import following, published, sending

urlpatterns = [
    path(_("guarantee/"), published.guarantee, name="guarantee"),
    path(_("guarantee.json"), published.guarantee_facts, name="guarantee_facts"),
    path(
        _("sign-in/"),
        LoginView.as_view(template_name="portal/sign_in.html", redirect_authenticated_user=True),
        name="login",
    ),
    path(_("sign-out/"), LogoutView.as_view(), name="logout"),
    path(_("tickets/"), following.tickets, name="tickets"),
    path(_("tickets/new/"), sending.new_ticket, name="new_ticket"),
    path(_("tickets/new/priorities/"), sending.priorities, name="priorities"),
    path(_("tickets/<int:number>/"), following.ticket, name="ticket"),
    path(_("tickets/<int:number>/messages/"), following.follow_up, name="follow_up"),
]
