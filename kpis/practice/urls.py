"""Addresses of this room."""

from django.urls import path

from kpis.practice import guidance_views, views

urlpatterns = [
    path("library/practice/", views.practice_list, name="practice-list"),
    path("library/practice/new/", views.practice_note_add, name="practice-note-add"),
    path("library/practice/<int:pk>/", views.practice_note_page, name="practice-note-page"),
    path("library/practice/<int:pk>/edit/", views.practice_note_edit, name="practice-note-edit"),
    path("library/practice/<int:pk>/withdraw/", views.practice_note_withdraw, name="practice-note-withdraw"),
    path("guidance/", guidance_views.guidance_list, name="guidance-list"),
    path("guidance/new/", guidance_views.guidance_add, name="guidance-add"),
    path("guidance/<slug:slug>/", guidance_views.guidance_page, name="guidance-page"),
    path("guidance/<slug:slug>/edit/", guidance_views.guidance_edit, name="guidance-edit"),
    path("guidance/<slug:slug>/publish/", guidance_views.guidance_publish, name="guidance-publish"),
    path("guidance/<slug:slug>/move/", guidance_views.guidance_move, name="guidance-move"),
]
