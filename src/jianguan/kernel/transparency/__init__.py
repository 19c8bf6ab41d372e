"""The journal's mathematics: canonical leaves, the Merkle tree over them, its tiles and its signed heads."""
