"""The wire format, against its own rules (https://protobuf.dev/programming-guides/encoding/)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.imaging.protobuf_wire import read_message, read_varints


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_packed_numbers_come_back(numbers: list[int]) -> None:
    assert read_varints(b"".join(map(varint, numbers))) == numbers


@given(st.integers(1, 2**20), st.binary(max_size=40), st.integers(0, 2**63 - 1))
def test_fields_come_back(field: int, chunk: bytes, number: int) -> None:
    data = varint(field << 3 | 2) + varint(len(chunk)) + chunk
    data += varint(field << 3) + varint(number) + varint(field << 3 | 5) + b"abcd"
    data += varint(field << 3 | 1) + b"abcdefgh"
    message = read_message(data)
    assert message.integers == {field: [number]}
    assert message.chunks == {field: [chunk, b"abcd", b"abcdefgh"]}


BROKEN = [
    ("ends inside a number", b"\x08\x80"),
    ("ends inside a text", b"\x12\x05ab"),
    ("ends inside a float", b"\x1d\x00\x00"),
    ("number without end", b"\x08" + b"\xff" * 12),
    ("group, no longer in use", b"\x0b"),
]


@pytest.mark.parametrize(("what", "data"), BROKEN, ids=[what for what, _ in BROKEN])
def test_broken_data_are_refused(what: str, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"data end|wire type"):
        read_message(data)
