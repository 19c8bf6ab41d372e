"""Elliptic curves over a prime field as GB/T 32918.1 uses them: the recommended one and arithmetic on any.

Plain Python is not constant-time: whoever can measure a signature can learn about its key. It serves verification, tests
and the demonstration; real keys live in an HSM or another backend behind `Signer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

Point = tuple[int, int]
Jacobian = tuple[int, int, int]
INFINITY: Jacobian = (1, 1, 0)
WINDOW = 8
FULL = (1 << WINDOW) - 1


@dataclass(frozen=True)
class Curve:
    """y² = x³ + ax + b over the field of `p`, with a base point of prime order `n`."""

    p: int
    a: int
    b: int
    n: int
    base: Point

    def holds(self, point: Point) -> bool:
        """Whether a point lies on the curve, its coordinates within the field."""
        x, y = point
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - (x * x * x + self.a * x + self.b)) % self.p == 0

    @cached_property
    def comb(self) -> Comb:
        """Multiples of the base point."""
        return Comb(self, self.base)

    def doubled(self, point: Jacobian) -> Jacobian:
        """Twice a point."""
        x, y, z = point
        p = self.p
        square = y * y % p
        s, m = 4 * x * square % p, (3 * x * x + self.a * pow(z, 4, p)) % p
        x3 = (m * m - 2 * s) % p
        return x3, (m * (s - x3) - 8 * square * square) % p, 2 * y * z % p

    def added(self, point: Jacobian, other: Point) -> Jacobian:
        """The sum of a point and an affine one."""
        x, y, z = point
        if not z:
            return (*other, 1)
        p = self.p
        zz = z * z % p
        h, r = (other[0] * zz - x) % p, (other[1] * zz * z - y) % p
        if not h:
            return INFINITY if r else self.doubled(point)
        hh = h * h % p
        hhh, v = h * hh % p, x * hh % p
        x3 = (r * r - hhh - 2 * v) % p
        return x3, (r * (v - x3) - y * hhh) % p, z * h % p

    def affine(self, points: list[Jacobian]) -> list[Point]:
        """Points other than infinity in affine coordinates, with one inversion for all."""
        product, before = 1, []
        for _, _, z in points:
            before.append(product)
            product = product * z % self.p
        inverse, found = pow(product, -1, self.p), []
        for (x, y, z), earlier in zip(reversed(points), reversed(before), strict=True):
            own, inverse = inverse * earlier % self.p, inverse * z % self.p
            found.append((x * own * own % self.p, y * own * own * own % self.p))
        return found[::-1]


class Comb:
    """Multiples of one point by adding table entries only: 32 rows of 255, made once for a point."""

    def __init__(self, curve: Curve, point: Point) -> None:
        self.curve, self.rows = curve, []
        base = point
        for _ in range(curve.n.bit_length() // WINDOW + 1):
            row: list[Jacobian] = [(*base, 1)]
            for _ in range(FULL):
                row.append(curve.added(row[-1], base))
            *entries, base = curve.affine(row)
            self.rows.append(entries)

    def times(self, factor: int, start: Jacobian = INFINITY) -> Jacobian:
        """`factor` times the point, added to `start`."""
        found = start
        for row in self.rows:
            if digit := factor & FULL:
                found = self.curve.added(found, row[digit - 1])
            factor >>= WINDOW
        return found


@lru_cache(maxsize=64)
def comb(curve: Curve, point: Point) -> Comb:
    """The table of a point that will be used again, such as a signer's public key."""
    return Comb(curve, point)


SM2_P256 = Curve(
    p=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF,
    a=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC,
    b=0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93,
    n=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123,
    base=(
        0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
        0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
    ),
)
"""sm2p256v1, the recommended curve (GB/T 32918.5, 2)."""
