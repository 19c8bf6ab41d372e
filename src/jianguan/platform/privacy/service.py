"""The door of privacy."""

from jianguan.platform.privacy.cipher import CannotDecryptError, blind_index, decrypt, encrypt, from_text, to_text
from jianguan.platform.privacy.fields import EncryptedTextField

__all__ = ["CannotDecryptError", "EncryptedTextField", "blind_index", "decrypt", "encrypt", "from_text", "to_text"]
