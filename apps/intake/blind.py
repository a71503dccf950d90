"""Which tickets are coded without help: one in so many (BLIND_ONE_IN), by its number.

A person who sees a suggestion tends to take it. If that counted as proof, the model would grade itself, and train on
its own answers. The choice needs no row, no chance and no memory, and nobody can tell it from the number by looking.
"""

import zlib

from django.conf import settings


def is_blind(ticket_id: int) -> bool:
    one_in: int = settings.BLIND_ONE_IN
    return one_in > 0 and zlib.crc32(f"coded blind: {ticket_id}".encode()) % one_in == 0
