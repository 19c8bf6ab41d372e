"""Certificates as OFD files (GB/T 33190-2016), sealed with the national algorithms.

No database, no network: a page of `kernel.certificates` and a seal go in, files and reports come out. Display in the
readers on the market is unproven (docs/adr/0011-ofd-and-national-algorithms.md).
"""

from .document import from_pdf
from .package import pack, unpack
from .sealing import LocalOfdSeal
from .verification import OfdCheck, shown_seal, verify_ofd

__all__ = ["LocalOfdSeal", "OfdCheck", "from_pdf", "pack", "shown_seal", "unpack", "verify_ofd"]
