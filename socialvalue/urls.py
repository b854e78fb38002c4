"""Every address, floor by floor."""

from django.urls import include, path

urlpatterns = [
    path("", include("govuk.urls")),
    path("account/", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("", include("contracts.urls")),
    path("", include("kpis.urls")),
    path("", include("reporting.urls")),
]

handler400 = "django.views.defaults.bad_request"
handler403 = "django.views.defaults.permission_denied"
handler404 = "django.views.defaults.page_not_found"
handler500 = "django.views.defaults.server_error"
