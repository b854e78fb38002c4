"""Addresses of this room."""

from django.urls import path

from kpis.proxies import deflator_views, views

OF_MEASURE = "library/measures/<int:measure_pk>/proxies/"
ONE = f"{OF_MEASURE}<int:pk>/"
DEFLATORS = "library/deflators/"

urlpatterns = [
    path("library/proxies/", views.proxy_list, name="proxy-list"),
    path(f"{OF_MEASURE}new/", views.proxy_add, name="proxy-add"),
    path(ONE, views.proxy_page, name="proxy-page"),
    path(f"{ONE}replace/", views.proxy_replace, name="proxy-replace"),
    path(f"{ONE}withdraw/", views.proxy_withdraw, name="proxy-withdraw"),
    path(f"{ONE}usual/", views.proxy_make_usual, name="proxy-make-usual"),
    path(f"{ONE}uplift/", deflator_views.proxy_uplift, name="proxy-uplift"),
    path(DEFLATORS, deflator_views.deflator_list, name="deflator-list"),
    path(f"{DEFLATORS}new/", deflator_views.deflator_add, name="deflator-add"),
    path(f"{DEFLATORS}<int:pk>/", deflator_views.deflator_page, name="deflator-page"),
    path(f"{DEFLATORS}<int:pk>/current/", deflator_views.deflator_current, name="deflator-current"),
]
