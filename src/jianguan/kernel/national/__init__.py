"""The national algorithms (国密): SM2, SM3, their keys and certificates, and electronic seals made with them.

No database, no network. OFD files sealed with them are in `jianguan.kernel.ofd`.
"""

from .authority import NationalAuthority, NationalIdentity, NationalTrust, create_national_authority
from .keys import lock, unlock
from .seal import ElectronicSeal, SealSignature, make_seal, sign_with_seal
from .sm2 import PrivateKey, PublicKey, Signer, new_key, sm3

__all__ = [
    "ElectronicSeal",
    "NationalAuthority",
    "NationalIdentity",
    "NationalTrust",
    "PrivateKey",
    "PublicKey",
    "SealSignature",
    "Signer",
    "create_national_authority",
    "lock",
    "make_seal",
    "new_key",
    "sign_with_seal",
    "sm3",
    "unlock",
]
