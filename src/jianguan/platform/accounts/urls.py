"""Addresses of signing in and out."""

from django.urls import path

from jianguan.platform.accounts import pages

urlpatterns = [
    path("login/", pages.sign_in, name="sign-in"),
    path("logout/", pages.sign_out, name="sign-out"),
]
