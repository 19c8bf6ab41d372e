"""Addresses of the dictionaries."""

from django.urls import path

from jianguan.registry.dictionaries import pages

urlpatterns = [
    path("g/conf/dict/", pages.dictionaries, name="dictionaries"),
    path("g/conf/dict/<slug:key>/", pages.dictionary, name="dictionary"),
]
