"""Addresses of this room."""

from django.urls import path

from kpis.approvals import challenge_views, list_views, log_views, record_views, views

ONE = "contracts/<int:contract_number>/kpi-sets/<int:number>/"

urlpatterns = [
    path("approvals/", list_views.approval_list, name="approval-list"),
    path("approvals/check/", list_views.approval_check, name="approval-check"),
    path("approvals/results/", list_views.approval_results, name="approval-results"),
    path("approvals/log/", log_views.approval_log, name="approval-log"),
    path(f"{ONE}ask-again/", list_views.approval_ask_again, name="approval-ask-again"),
    path(f"{ONE}decide/", views.kpi_set_decide, name="kpi-set-decide"),
    path(f"{ONE}record/", record_views.kpi_set_record, name="kpi-set-record"),
    path(f"{ONE}submissions/<int:ordinal>/record/", record_views.submission_record, name="submission-record"),
    path(f"{ONE}questions/ask/", challenge_views.challenge_ask, name="challenge-ask"),
    path(
        f"{ONE}questions/<int:challenge>/answer/", challenge_views.challenge_answer, name="challenge-answer"
    ),
    path(
        f"{ONE}questions/<int:challenge>/withdraw/",
        challenge_views.challenge_withdraw,
        name="challenge-withdraw",
    ),
]
