"""Addresses of this room."""

from django.urls import path

from kpis.approvals import challenge_views, record_views, views

ONE = "contracts/<int:contract_number>/kpi-sets/<int:number>/"

urlpatterns = [
    path("approvals/", views.approval_list, name="approval-list"),
    path(f"{ONE}decide/", views.kpi_set_decide, name="kpi-set-decide"),
    path(f"{ONE}record/", record_views.kpi_set_record, name="kpi-set-record"),
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
