"""Addresses of the workbench."""

from django.urls import path

from jianguan.workbench import pages

urlpatterns = [
    path("home/", pages.home, name="home"),
    path("g/work/", pages.work, name="work"),
    path("g/done/", pages.done, name="done"),
    path("g/overdue/", pages.overdue, name="overdue"),
    path("g/search/", pages.search, name="search"),
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/read/", pages.mark_read, name="mark-read"),
    path("e/", pages.enterprise_home, name="enterprise-home"),
]
