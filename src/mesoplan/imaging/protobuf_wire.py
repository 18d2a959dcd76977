"""The little of the Protocol Buffers wire format that the face model needs, read without its library."""

from __future__ import annotations

from typing import NamedTuple

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5


class Message(NamedTuple):
    """The fields of one message by number, in the order in which they came; not interpreted further."""

    integers: dict[int, list[int]]
    chunks: dict[int, list[bytes]]


def read_message(data: bytes) -> Message:
    """Split a message into its fields.

    Varints come as unsigned integers; fixed-width and length-delimited fields as bytes.

    Raises
    ------
    ValueError
        If the bytes end inside a field, or hold a wire type that is not in use.
    """
    message = Message({}, {})
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, wire_type = key >> 3, key & 7
        if wire_type == VARINT:
            number, at = _varint(data, at)
            message.integers.setdefault(field, []).append(number)
            continue
        if wire_type == LENGTH_DELIMITED:
            size, at = _varint(data, at)
        elif wire_type in (FIXED32, FIXED64):
            size = 4 if wire_type == FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire_type} is not in use")
        if at + size > len(data):
            raise ValueError("the data end inside a field")
        message.chunks.setdefault(field, []).append(data[at : at + size])
        at += size
    return message


def read_varints(packed: bytes) -> list[int]:
    """The integers of a packed field."""
    numbers, at = [], 0
    while at < len(packed):
        number, at = _varint(packed, at)
        numbers.append(number)
    return numbers


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("the data end inside a number")
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return number, at
        shift += 7
