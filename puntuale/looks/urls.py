"""The routes that all doors share."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from puntuale.looks.views import files, preferences, writing

urlpatterns = [
    path("files/", files.upload, name="upload"),
    path("files/<str:key>/", files.file, name="file"),
    path("files/content/<str:signed>/", files.content, name="file_content"),
    path("preview/", writing.preview, name="preview"),
    path("drafts/", writing.draft, name="draft"),
    path(_("preferences/"), preferences.preferences, name="preferences"),
    path("language/", preferences.language, name="language"),
    path("calendar/", preferences.new_calendar_address, name="new_calendar_address"),
]
