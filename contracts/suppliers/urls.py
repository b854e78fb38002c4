"""Addresses of this room."""

from django.urls import path

from contracts.suppliers import views

urlpatterns = [
    path("suppliers/", views.supplier_list, name="supplier-list"),
    path("suppliers/duplicates/", views.supplier_duplicates, name="supplier-duplicates"),
    path("suppliers/distinct/", views.suppliers_distinct, name="suppliers-distinct"),
    path("suppliers/<int:pk>/edit/", views.supplier_edit, name="supplier-edit"),
    path("suppliers/<int:pk>/status/", views.supplier_status, name="supplier-status"),
    path("suppliers/<int:pk>/merge/", views.supplier_merge, name="supplier-merge"),
    path("suppliers/merges/<int:pk>/undo/", views.supplier_merge_undo, name="supplier-merge-undo"),
]
