"""Addresses of the design guide."""

from django.urls import path

from jianguan.platform.web.design import pages

urlpatterns = [
    path("", pages.components, name="design"),
    path("form/", pages.form, name="design-form"),
    path("portal/", pages.portal, name="design-portal"),
    path("verified/", pages.verified, name="design-verified"),
]
