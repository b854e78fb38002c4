"""Addresses of this room."""

from django.urls import path

from contracts.offers import fund_views, views

OFFERS = "contracts/<int:number>/offers/"

urlpatterns = [
    path(f"{OFFERS}new/", views.offer_add, name="offer-add"),
    path(f"{OFFERS}<int:pk>/edit/", views.offer_edit, name="offer-edit"),
    path(f"{OFFERS}<int:pk>/receive/", views.offer_receive, name="offer-receive"),
    path(f"{OFFERS}<int:pk>/withdraw/", views.offer_withdraw, name="offer-withdraw"),
    path("funds/", fund_views.fund_list, name="fund-list"),
    path("funds/new/", fund_views.fund_add, name="fund-add"),
    path("funds/<int:pk>/edit/", fund_views.fund_edit, name="fund-edit"),
]
