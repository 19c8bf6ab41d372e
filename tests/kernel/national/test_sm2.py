"""SM3 and SM2 against the examples of their standards, and both ways against OpenSSL."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from jianguan.kernel.national import PrivateKey, PublicKey, new_key, sm3
from jianguan.kernel.national.curve import SM2_P256, Curve
from jianguan.kernel.national.keys import lock, public_pem, unlock
from jianguan.kernel.national.sm2 import SignatureValue, digest_to_sign, distinguished, encode_signature

PASSWORD = "a-password-of-sixteen"


def number(text: str) -> int:
    return int(text.replace(" ", ""), 16)


SAMPLE = Curve(  # the curve of the examples of GB/T 32918.2, A.2
    p=number("8542D69E 4C044F18 E8B92435 BF6FF7DE 45728391 5C45517D 722EDB8B 08F1DFC3"),
    a=number("787968B4 FA32C3FD 2417842E 73BBFEFF 2F3C848B 6831D7E0 EC65228B 3937E498"),
    b=number("63E4C6D3 B23B0C84 9CF84241 484BFE48 F61D59A5 B16BA06E 6E12D1DA 27C5249A"),
    n=number("8542D69E 4C044F18 E8B92435 BF6FF7DD 29772063 0485628D 5AE74EE7 C32E79B7"),
    base=(
        number("421DEBD6 1B62EAB6 746434EB C3CC315E 32220B3B ADD50BDC 4C4E6C14 7FEDD43D"),
        number("0680512B CBB42C07 D47349D2 153B70C4 E5D7FDFC BFA36EA1 A85841B9 E46E09A2"),
    ),
)
EXAMPLES = {
    "GB/T 32918.2-2016, A.2": {
        "curve": SAMPLE, "identifier": b"ALICE123@YAHOO.COM", "message": b"message digest",
        "key": "128B2FA8 BD433C6C 068C8D80 3DFF7979 2A519A55 171B1B65 0C23661D 15897263",
        "x": "0AE4C779 8AA0F119 471BEE11 825BE462 02BB79E2 A5844495 E97C04FF 4DF2548A",
        "y": "7C0240F8 8F1CD4E1 6352A73C 17B7F16F 07353E53 A176D684 A9FE0C6B B798E857",
        "za": "F4A38489 E32B45B6 F876E3AC 2168CA39 2362DC8F 23459C1D 1146FC3D BFB7BC9A",
        "e": "B524F552 CD82B8B0 28476E00 5C377FB1 9A87E6FC 682D48BB 5D42E3D9 B9EFFE76",
        "k": "6CB28D99 385C175C 94F94E93 4817663F C176D925 DD72B727 260DBAAE 1FB2F96F",
        "r": "40F1EC59 F793D9F4 9E09DCEF 49130D41 94F79FB1 EED2CAA5 5BACDB49 C4E755D1",
        "s": "6FC6DAC3 2C5D5CF1 0C77DFB2 0F7C2EB6 67A45787 2FB09EC5 6327A67E C7DEEBE7",
    },
    "GB/T 32918.5-2017, A.2": {
        "curve": SM2_P256, "identifier": b"1234567812345678", "message": b"message digest",
        "key": "3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8",
        "x": "09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020",
        "y": "CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13",
        "za": "B2E14C5C 79C6DF5B 85F4FE7E D8DB7A26 2B9DA7E0 7CCB0EA9 F4747B8C CDA8A4F3",
        "e": "F0B43E94 BA45ACCA ACE692ED 534382EB 17E6AB5A 19CE7B31 F4486FDF C0D28640",
        "k": "59276E27 D506861A 16680F3A D9C02DCC EF3CC1FA 3CDBE4CE 6D54B80D EAC1BC21",
        "r": "F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3",
        "s": "B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA",
    },
}  # fmt: skip
EACH = pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66C7F0F4 62EEEDD9 D1F2D46B DC10E4E2 4167C487 5CF2F7A2 297DA02B 8F4BA8E0"),
        (b"abcd" * 16, "DEBE9FF9 2275B8A1 38604889 C18E5A4D 6FDB70E5 387E5765 293DCBA3 9C0C5732"),
    ],
)
def test_sm3_gives_the_examples_of_gbt_32905(message: bytes, digest: str):
    assert sm3(message).hex() == digest.replace(" ", "").lower()


@EACH
def test_the_examples_of_the_standard_come_out_number_by_number(example):
    key = PrivateKey(number(example["key"]), example["curve"])
    assert key.public.point == (number(example["x"]), number(example["y"]))
    assert distinguished(key.public, example["identifier"]).hex() == f"{number(example['za']):064x}"
    assert digest_to_sign(key.public, example["message"], example["identifier"]) == number(example["e"])
    signature = key.sign_numbers(example["message"], example["identifier"], nonce=number(example["k"]))
    assert signature == (number(example["r"]), number(example["s"]))
    assert key.public.verify_numbers(*signature, example["message"], example["identifier"])


@EACH
def test_the_examples_fail_with_anything_changed(example):
    r, s = number(example["r"]), number(example["s"])
    public = PublicKey((number(example["x"]), number(example["y"])), example["curve"])
    n = example["curve"].n
    for one, two in [(r + 1, s), (r, s + 1), (r, n - s), (n - r, s), (s, r), (0, s), (r, 0), (r, n - r), (r + n, s), (r, s + n)]:  # fmt: skip
        assert not public.verify_numbers(one, two, example["message"], example["identifier"])
    assert not public.verify_numbers(r, s, b"another message", example["identifier"])
    assert not public.verify_numbers(r, s, example["message"], b"another signer")


def test_a_signature_is_accepted_in_der_only():
    key = new_key()
    signature = key.sign(b"text")
    assert key.public.verify(signature, b"text")
    assert not new_key().public.verify(signature, b"text")
    value = SignatureValue.load(signature)
    r, s = value["r"].native, value["s"].native
    assert encode_signature(r, s) == signature
    for other in (
        signature + b"\0", signature[:-1], b"", b"\x30\x80" + signature[2:] + b"\0\0",
        b"\x30\x81" + signature[1:], encode_signature(r - SM2_P256.n, s),
    ):  # fmt: skip
        assert not key.public.verify(other, b"text")


@pytest.mark.parametrize("encoded", [b"", b"\x04" + bytes(64), b"\x02" + bytes(64), b"\x04" + b"\xff" * 64])
def test_what_is_no_point_is_no_key(encoded: bytes):
    with pytest.raises(ValueError):
        PublicKey.from_bytes(encoded)


@pytest.mark.parametrize("wrong", [0, SM2_P256.n - 1, SM2_P256.n, -1])
def test_what_is_no_scalar_is_no_key(wrong: int):
    with pytest.raises(ValueError):
        PrivateKey(wrong)


def openssl(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=False)


needs_openssl = pytest.mark.skipif(
    b"SM2" not in openssl("ecparam", "-list_curves").stdout, reason="this OpenSSL has no SM2"
)
DISTID = ["-sigopt", "distid:1234567812345678"]


@needs_openssl
def test_openssl_verifies_what_is_signed_here(tmp_path: Path):
    key, message, signature, public = new_key(), tmp_path / "m", tmp_path / "s", tmp_path / "p"
    public.write_bytes(public_pem(key.public))
    for text in (b"", b"message digest", bytes(range(256)) * 5):
        message.write_bytes(text)
        signature.write_bytes(key.sign(text))
        said = openssl("dgst", "-sm3", "-verify", public, *DISTID, "-signature", signature, message)
        assert said.stdout.strip() == b"Verified OK", said.stderr
    message.write_bytes(b"another")
    assert openssl("dgst", "-sm3", "-verify", public, *DISTID, "-signature", signature, message).returncode


@needs_openssl
def test_what_openssl_signs_is_verified_here(tmp_path: Path):
    """With a key made here and locked here: OpenSSL opens the file, too."""
    key, message, locked, plain = new_key(), tmp_path / "m", tmp_path / "k", tmp_path / "plain"
    locked.write_bytes(lock(key, PASSWORD))
    opened = openssl("pkey", "-in", locked, "-passin", f"pass:{PASSWORD}", "-out", plain)
    assert opened.returncode == 0, opened.stderr
    for text in (b"", b"message digest", bytes(range(256)) * 5):
        message.write_bytes(text)
        signature = openssl("dgst", "-sm3", "-sign", plain, *DISTID, message).stdout
        assert key.public.verify(signature, text)
        assert not key.public.verify(signature, text + b" ")


@needs_openssl
def test_a_key_of_openssl_is_opened_here(tmp_path: Path):
    made, locked = tmp_path / "made", tmp_path / "locked"
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", made)
    openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-in", made, "-passout", f"pass:{PASSWORD}", "-out", locked)  # fmt: skip
    key = unlock(locked.read_bytes(), PASSWORD)
    assert public_pem(key.public) == openssl("pkey", "-in", made, "-pubout").stdout


def test_a_locked_key_opens_with_its_password_only():
    key = new_key()
    locked = lock(key, PASSWORD)
    assert unlock(locked, PASSWORD) == key
    assert f"{key.number:064x}".encode() not in locked
    for wrong in (lambda: unlock(locked, "another-password"), lambda: unlock(b"-----", PASSWORD)):
        with pytest.raises(ValueError, match="password is wrong or the file is damaged"):
            wrong()
