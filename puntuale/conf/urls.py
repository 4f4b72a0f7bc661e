"""Every route. Pages stand under their language: /en/guarantee/, /it/garanzia/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from puntuale.api.entrance import enter
from puntuale.api.hooks import incoming_hook
from puntuale.portal.views.published import home

urlpatterns = [
    path("", home, name="home"),
    re_path(r"^api/v1/(?P<path>[\s\S]*)\Z", enter, name="api"),
    path("hooks/<str:secret>/", incoming_hook, name="incoming_hook"),
    # The repair pages have no door of their own: whoever signs in does so with all her factors.
    path("repair/login/", RedirectView.as_view(pattern_name="login", query_string=True), name="repair_login"),
    path("repair/", admin.site.urls),
    path("", include("puntuale.accounts.sign_on_urls")),
    *i18n_patterns(
        path("", home, name="home_in_language"),
        path("", include("puntuale.looks.urls")),
        path("", include("puntuale.accounts.urls")),
        path("", include("puntuale.portal.urls")),
        path("", include("puntuale.desk.urls")),
        path("", include("puntuale.office.urls")),
    ),
]
