"""Every route. Pages stand under their language: /en/guarantee/, /it/garanzia/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from puntuale.portal.views.published import home

urlpatterns = [
    path("", home, name="home"),
    path("repair/", admin.site.urls),
    *i18n_patterns(
        path("", include("puntuale.looks.urls")),
        path("", include("puntuale.portal.urls")),
        path("", include("puntuale.desk.urls")),
        path("", include("puntuale.office.urls")),
    ),
]
