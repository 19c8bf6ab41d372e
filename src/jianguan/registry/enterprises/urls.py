"""Addresses of the library of enterprises."""

from django.urls import path

from jianguan.registry.enterprises import pages

urlpatterns = [
    path("g/ents/", pages.enterprises, name="enterprises"),
    path("g/ents/new/", pages.register, name="enterprise-new"),
    path("g/ents/<str:uscc>/", pages.enterprise, name="enterprise"),
    path("g/ents/<str:uscc>/name/", pages.rename, name="enterprise-rename"),
    path("g/ents/<str:uscc>/qualifications/new/", pages.qualify, name="qualification-new"),
    path("g/ents/<str:uscc>/licences/new/", pages.license_safety, name="safety-licence-new"),
    path("e/profile/", pages.own_enterprise, name="own-enterprise"),
]
