"""Addresses of the ledger of certificates (`/g/`) and of the wallet (`/e/`)."""

from django.urls import path

from jianguan.licensing.certificates import batch_pages, pages

urlpatterns = [
    path("g/certs/", pages.ledger, name="certificates"),
    path("g/certs/<str:number>/", pages.certificate, name="certificate"),
    path("g/certs/<str:number>/file/", pages.file, name="certificate-file"),
    path("g/certs/<str:number>/status/", pages.change_status, name="certificate-status"),
    path("g/cert-batches/", batch_pages.batches, name="certificate-batches"),
    path("g/cert-batches/<str:number>/", batch_pages.batch, name="certificate-batch"),
    path("g/cert-batches/<str:number>/confirm/", batch_pages.confirm, name="certificate-batch-confirm"),
    path("g/cert-batches/<str:number>/retry/", batch_pages.retry, name="certificate-batch-retry"),
    path("e/certs/", pages.wallet, name="own-certificates"),
    path("e/certs/<str:number>/", pages.certificate, name="own-certificate"),
    path("e/certs/<str:number>/file/", pages.file, name="own-certificate-file"),
]
