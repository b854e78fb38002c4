"""Addresses of this room."""

from django.urls import path

from kpis.reminders import views

urlpatterns = [
    path("administration/reminders/", views.reminder_list, name="reminder-list"),
    path("administration/reminders/send/", views.reminder_send, name="reminder-send"),
    path("administration/reminders/steps/<slug:key>/", views.reminder_step_edit, name="reminder-step-edit"),
    path(
        "contracts/<int:contract_number>/returns/<str:month>/reminders/",
        views.reminder_snooze,
        name="reminder-snooze",
    ),
    path(
        "contracts/<int:contract_number>/returns/<str:month>/reminders/again/",
        views.reminder_snooze_end,
        name="reminder-snooze-end",
    ),
]
