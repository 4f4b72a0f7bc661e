"""The routes of the managers' door."""

from django.urls import path

from puntuale.office import views

urlpatterns = [
    path("office/welcome/<str:secret>/", views.welcome, name="welcome"),
]
