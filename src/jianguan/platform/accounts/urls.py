"""Addresses of signing in and out, and of the administration of grants."""

from django.urls import path

from jianguan.platform.accounts import administration, pages

urlpatterns = [
    path("login/", pages.sign_in, name="sign-in"),
    path("logout/", pages.sign_out, name="sign-out"),
    path("g/conf/org/", administration.accounts, name="accounts"),
    path("g/conf/org/<uuid:account_id>/", administration.account, name="account"),
    path("g/conf/org/<uuid:account_id>/grants/new/", administration.grant, name="grant-new"),
    path("g/conf/org/<uuid:account_id>/grants/<uuid:grant_id>/end/", administration.end, name="grant-end"),
]
