"""The routes of single sign-on that other servers know: in no language, and never to change."""

from django.urls import path

from puntuale.accounts.views import sign_on

urlpatterns = [
    path("sign-on/failed/", sign_on.failed, name="socialaccount_login_error"),
    path("sign-on/cancelled/", sign_on.failed, name="socialaccount_login_cancelled"),
    path("sign-on/<str:provider_id>/", sign_on.login, name="openid_connect_login"),
    path("sign-on/<str:provider_id>/callback/", sign_on.callback, name="openid_connect_callback"),
]
