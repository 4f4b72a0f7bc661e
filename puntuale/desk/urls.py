"""The routes of the agents' door."""

from django.urls import path

from puntuale.desk import views

urlpatterns = [
    path("desk/", views.queue, name="queue"),
    path("desk/answered/", views.answered, name="answered"),
    path("desk/<int:number>/", views.ticket, name="desk_ticket"),
    path("desk/<int:number>/answers/", views.answer, name="answer"),
    path("desk/<int:number>/notes/", views.note, name="note"),
    path("desk/<int:number>/assignment/", views.assignment, name="assignment"),
]
