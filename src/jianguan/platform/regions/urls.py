"""Address of the places."""

from django.urls import path

from jianguan.platform.regions import pages

urlpatterns = [path("g/conf/regions/", pages.places, name="places")]
