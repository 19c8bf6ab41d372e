"""Addresses of preferences and, outside production, of the design guide."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from jianguan.platform.web import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", pages.preferences, name="preferences"),
    path("keys/", pages.keys, name="keys"),
]

if settings.ENVIRONMENT.mode != "production":
    urlpatterns.append(path("design/", include("jianguan.platform.web.design.urls")))
