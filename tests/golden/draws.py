"""The random numbers of src/base/random.ts once more: xoroshiro128+ (Blackman and Vigna 2018), started from the SHA-256 of seed and purpose,
of which each draw takes the lower 32 bits, as pure-rand does. With it a golden script draws what the code under test draws."""

import hashlib
import json

MASK = 2**64 - 1


def rotated(value, by):
    return ((value << by) | (value >> (64 - by))) & MASK


class Random:
    def __init__(self, seed, *purpose):
        digest = hashlib.sha256(json.dumps([seed, *purpose], separators=(",", ":")).encode()).digest()
        words = [int.from_bytes(digest[place : place + 4], "little") for place in (0, 4, 8, 12)]
        self.state = [words[0] << 32 | words[1], words[2] << 32 | words[3]]

    def bits(self):
        """The lower 32 bits of the next number, moved by 2^31 as pure-rand moves the sign away."""
        one, other = self.state
        drawn = (one + other) & 0xFFFFFFFF
        other ^= one
        self.state = [rotated(one, 24) ^ other ^ (other << 16) & MASK, rotated(other, 37)]
        return (drawn + 2**31) & 0xFFFFFFFF

    def below(self, bound):
        """An integer in [0, bound): numbers of the last, incomplete cycle are drawn again."""
        allowed = 2**32 // bound * bound
        drawn = self.bits()
        while drawn >= allowed:
            drawn = self.bits()
        return drawn % bound

    def shuffle(self, values):
        """Shuffles in place (Fisher and Yates) and returns the same list."""
        for last in range(len(values) - 1, 0, -1):
            other = self.below(last + 1)
            values[last], values[other] = values[other], values[last]
        return values
