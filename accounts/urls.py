"""Addresses of this floor."""

from django.urls import path

from accounts.views import (
    account,
    administration,
    appointments,
    delegations,
    directorates,
    in_my_name,
    letters,
    people,
    posts,
    sign_in,
)

app_name = "accounts"
urlpatterns = [
    path("my-account/", account.my_account, name="my-account"),
    path("letters/", account.my_letters, name="my-letters"),
    path("letters/<int:pk>/", account.letter_page, name="letter-page"),
    path("invitation/<str:token>/", sign_in.invitation_accept, name="invitation-accept"),
    path("demo-sign-in/", sign_in.demo_sign_in, name="demo-sign-in"),
    path("people/", people.people_list, name="people-list"),
    path("people/invite/", people.person_invite, name="person-invite"),
    path("people/<int:pk>/", people.person_page, name="person-page"),
    path("people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("people/<int:pk>/invite-again/", people.person_invite_again, name="person-invite-again"),
    path(
        "people/<int:pk>/second-step/off/", people.person_reset_second_step, name="person-reset-second-step"
    ),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person-deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person-reactivate"),
    path("people/<int:pk>/appointments/new/", appointments.appointment_add, name="appointment-add"),
    path("appointments/<int:pk>/end/", appointments.appointment_end, name="appointment-end"),
    path("appointments/<int:pk>/cancel/", appointments.appointment_cancel, name="appointment-cancel"),
    path("delegations/", delegations.delegation_list, name="delegation-list"),
    path("delegations/new/", delegations.delegation_give, name="delegation-give"),
    path("delegations/<int:pk>/", delegations.delegation_page, name="delegation-page"),
    path("delegations/<int:pk>/revoke/", delegations.delegation_revoke, name="delegation-revoke"),
    path("delegations/<int:pk>/hand-on/", delegations.delegation_hand_on, name="delegation-hand-on"),
    path("delegations/in-my-name/", in_my_name.in_my_name, name="in-my-name"),
    path("posts/", posts.post_list, name="post-list"),
    path("posts/new/", posts.post_add, name="post-add"),
    path("posts/<int:pk>/", posts.post_page, name="post-page"),
    path("posts/<int:pk>/rename/", posts.post_rename, name="post-rename"),
    path("posts/<int:pk>/close/", posts.post_close, name="post-close"),
    path("posts/<int:pk>/reopen/", posts.post_reopen, name="post-reopen"),
    path("posts/<int:pk>/place/", posts.post_place, name="post-place"),
    path("post-holdings/<int:pk>/end/", posts.post_holding_end, name="post-holding-end"),
    path("post-holdings/<int:pk>/take-back/", posts.post_holding_take_back, name="post-holding-take-back"),
    path("administration/", administration.administration, name="administration"),
    path("administration/history/", administration.history_list, name="history-list"),
    path("administration/outbox/", letters.outbox, name="outbox"),
    path("administration/outbox/<int:pk>/send-again/", letters.letter_send_again, name="letter-send-again"),
    path("administration/letters/", letters.letter_text_list, name="letter-text-list"),
    path("administration/letters/<slug:kind>/", letters.letter_text_edit, name="letter-text-edit"),
    path(
        "administration/letters/<slug:kind>/restore/", letters.letter_text_restore, name="letter-text-restore"
    ),
    path("administration/directorates/", directorates.directorate_list, name="directorate-list"),
    path("administration/directorates/new/", directorates.directorate_add, name="directorate-add"),
    path("administration/directorates/<slug:slug>/", directorates.directorate_page, name="directorate-page"),
    path(
        "administration/directorates/<slug:slug>/rename/",
        directorates.directorate_rename,
        name="directorate-rename",
    ),
    path(
        "administration/directorates/<slug:slug>/close/",
        directorates.directorate_close,
        name="directorate-close",
    ),
    path(
        "administration/directorates/<slug:slug>/reopen/",
        directorates.directorate_reopen,
        name="directorate-reopen",
    ),
    path(
        "administration/directorates/<slug:slug>/departments/new/",
        directorates.department_add,
        name="department-add",
    ),
    path(
        "administration/departments/<int:pk>/rename/",
        directorates.department_rename,
        name="department-rename",
    ),
    path(
        "administration/departments/<int:pk>/close/", directorates.department_close, name="department-close"
    ),
]
