"""The door of documents."""

from jianguan.platform.documents.actions import attach, attach_upload, clean_name, remove, store
from jianguan.platform.documents.models import Blob, Document
from jianguan.platform.documents.queries import by_id, by_ids, content, is_stored, of_subject

__all__ = [
    "Blob",
    "Document",
    "attach",
    "attach_upload",
    "by_id",
    "by_ids",
    "clean_name",
    "content",
    "is_stored",
    "of_subject",
    "remove",
    "store",
]
