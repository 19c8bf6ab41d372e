"""Addresses of all faces: public `/`, enterprises `/e/`, officers `/g/`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("jianguan.platform.accounts.urls")),
    path("", include("jianguan.platform.web.urls")),
]
