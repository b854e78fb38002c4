"""Two small files made from the brand in settings."""

from django.urls import path

from govuk import views

app_name = "govuk"

urlpatterns = [
    path("brand.css", views.brand_css, name="brand-css"),
    path("mark.svg", views.brand_mark, name="brand-mark"),
]
