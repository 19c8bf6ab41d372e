"""Addresses of packages, for enterprises (`/e/`) and departments (`/g/`)."""

from django.urls import path

from jianguan.licensing.packages.pages import applying, showing

urlpatterns = [
    path("e/packages/", showing.own_packages, name="own-packages"),
    path("e/packages/<uuid:package_id>/", showing.own_package, name="own-package"),
    path("e/packages/<uuid:package_id>/application/", applying.application, name="package-application"),
    path("e/packages/<uuid:package_id>/documents/<uuid:document_id>/", applying.document, name="package-document"),
    path("e/packages/<slug:key>/", applying.begin, name="package-begin"),
    path("g/packages/", showing.packages, name="packages"),
    path("g/packages/<uuid:package_id>/", showing.package, name="package"),
]
