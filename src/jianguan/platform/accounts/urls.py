"""Addresses of signing in and out, and of the administration of grants."""

from django.urls import path

from jianguan.platform.accounts import absences, administration, pages

urlpatterns = [
    path("login/", pages.sign_in, name="sign-in"),
    path("logout/", pages.sign_out, name="sign-out"),
    path("me/leave/", absences.own, name="own-leave"),
    path("me/leave/new/", absences.enter_own, name="own-leave-new"),
    path("me/leave/<uuid:absence_id>/end/", absences.end, name="leave-end"),
    path("g/leave/", absences.headed, name="leave"),
    path("g/leave/new/", absences.enter, name="leave-new"),
    path("g/conf/org/", administration.accounts, name="accounts"),
    path("g/conf/org/<uuid:account_id>/", administration.account, name="account"),
    path("g/conf/org/<uuid:account_id>/grants/new/", administration.grant, name="grant-new"),
    path("g/conf/org/<uuid:account_id>/grants/<uuid:grant_id>/end/", administration.end, name="grant-end"),
]
