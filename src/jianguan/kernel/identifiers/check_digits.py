"""Check characters, each computed from the text before it.

The text must consist of the method's own characters; anything else raises ValueError.
"""

from __future__ import annotations

DIGITS = "0123456789"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def mod11_2(digits: str) -> str:
    """ISO 7064 MOD 11-2, of identity numbers (GB 11643-1999): 0-9 or X. Finds every single wrong character."""
    remainder = 0
    for digit in digits:
        remainder = (remainder + DIGITS.index(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def mod11_10(digits: str) -> str:
    """ISO 7064 MOD 11,10 (GB/T 17710): one digit. Finds every single wrong digit."""
    return _hybrid(digits, DIGITS)


def mod37_36(text: str) -> str:
    """ISO 7064 MOD 37,36, of electronic certificates (GB/T 36904): 0-9A-Z. Finds every single wrong character."""
    return _hybrid(text, ALPHANUMERIC)


def mod31(text: str) -> str:
    """GB 32100-2015, of the unified social credit code. Finds every single wrong character."""
    total = sum(USCC_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(text))
    return USCC_ALPHABET[-total % 31]


def org_code(body: str) -> str:
    """GB 11714-1997, of the eight characters of an organisation code: 0-9 or X.

    Letters count up to 35 against a modulus of 11, so some wrong characters go unnoticed.
    """
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(ALPHANUMERIC.index(character) * weight for character, weight in zip(body, weights, strict=True))
    return "0123456789X"[-total % 11]


def _hybrid(text: str, alphabet: str) -> str:
    """The hybrid systems of ISO 7064: MOD (n+1),n for an alphabet of n characters."""
    size = len(alphabet)
    product = size
    for character in text:
        product = ((product + alphabet.index(character)) % size or size) * 2 % (size + 1)
    return alphabet[(size + 1 - product) % size]
