"""Addresses of this room."""

from django.urls import path

from contracts.rules import grade_views, views

RULES = "contracts/rules/"
BAND, TIER = f"{RULES}bands/", f"{RULES}tiers/"

urlpatterns = [
    path(RULES, views.rule_list, name="rule-list"),
    path(f"{RULES}new/", views.rule_add, name="rule-add"),
    path(f"{RULES}<int:pk>/edit/", views.rule_edit, name="rule-edit"),
    path(f"{RULES}<int:pk>/remove/", views.rule_remove, name="rule-remove"),
    path(f"{BAND}new/", grade_views.band_add, name="band-add"),
    path(f"{BAND}<int:pk>/edit/", grade_views.band_edit, name="band-edit"),
    path(f"{BAND}<int:pk>/remove/", grade_views.band_remove, name="band-remove"),
    path(f"{TIER}new/", grade_views.tier_add, name="tier-add"),
    path(f"{TIER}<int:pk>/edit/", grade_views.tier_edit, name="tier-edit"),
    path(f"{TIER}<int:pk>/remove/", grade_views.tier_remove, name="tier-remove"),
]
