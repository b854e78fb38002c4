"""Addresses of this room."""

from django.urls import path

# The month's converter is registered with the returns' addresses.
from kpis.returns.urls import ONE
from kpis.verification import views

urlpatterns = [
    path("verification/", views.verification_list, name="verification-list"),
    path("verification/sample/", views.verification_sample, name="verification-sample"),
    path(f"{ONE}verify/", views.return_verify, name="return-verify"),
    path(f"{ONE}send-back/", views.return_send_back, name="return-send-back"),
    path(f"{ONE}reopen/", views.return_reopen, name="return-reopen"),
    path(f"{ONE}pick/", views.verification_mark, name="verification-mark"),
]
