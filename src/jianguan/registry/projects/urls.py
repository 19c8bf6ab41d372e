"""Addresses of the library of projects, for departments (`/g/`) and enterprises (`/e/`)."""

from django.urls import path

from jianguan.registry.projects import pages, works_pages

urlpatterns = [
    path("g/projects/", pages.projects, name="projects"),
    path("g/projects/new/", pages.register, name="project-new"),
    path("g/projects/<str:code>/", pages.project, name="project"),
    path("g/projects/<str:code>/works/new/", pages.add_works, name="works-new"),
    path("g/projects/<str:code>/works/", works_pages.tree, name="works-tree"),
    path("g/projects/<str:code>/works/merge/", works_pages.merge, name="works-merge"),
    path("g/projects/<str:code>/works/<str:works>/split/", works_pages.split, name="works-split"),
    path("g/projects/<str:code>/works/<str:works>/change/", works_pages.change_works, name="works-change"),
    path("g/projects/<str:code>/sections/<str:section>/change/", works_pages.change_section, name="section-change"),
    path("g/projects/<str:code>/sections/new/", pages.form_section, name="section-new"),
    path("g/projects/<str:code>/records/new/", pages.record_stage, name="stage-record-new"),
    path("e/projects/", pages.own_projects, name="own-projects"),
    path("e/projects/new/", pages.register, name="own-project-new"),
    path("e/projects/<str:code>/", pages.project, name="own-project"),
    path("e/projects/<str:code>/works/", works_pages.tree, name="own-works-tree"),
    path("e/projects/<str:code>/works/new/", pages.add_works, name="own-works-new"),
    path("e/projects/<str:code>/sections/new/", pages.form_section, name="own-section-new"),
]
