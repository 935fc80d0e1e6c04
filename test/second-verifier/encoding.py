"""Deterministic CBOR, strict protobuf, DER and canonical JSON, as docs/formats/receipt.md asks for them."""
import hashlib, json


class Bad(Exception):
    def __init__(self, code, verdict="INVALID"):
        super().__init__(code)
        self.code, self.verdict = code, verdict


def need(holds, code, verdict="INVALID"):
    if not holds:
        raise Bad(code, verdict)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def cbor(data, at=0, depth=0):
    need(depth <= 8 and at < len(data), "CBOR_MALFORMED")
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    need(info <= 27, "CBOR_MALFORMED")
    n = info
    if info >= 24:
        width = 1 << (info - 24)
        need(at + width <= len(data), "CBOR_MALFORMED")
        n = int.from_bytes(data[at:at + width], "big")
        need(n >= (24 if width == 1 else 1 << (4 * width)) and n < 2**53, "CBOR_MALFORMED")
        at += width
    if major == 0:
        return n, at
    if major in (2, 3):
        need(at + n <= len(data), "CBOR_MALFORMED")
        raw = data[at:at + n]
        if major == 3:
            try:
                raw = raw.decode()
            except UnicodeDecodeError:
                raise Bad("CBOR_MALFORMED")
        return raw, at + n
    need(major in (4, 5) and n <= len(data), "CBOR_MALFORMED")
    if major == 4:
        items = []
        for _ in range(n):
            item, at = cbor(data, at, depth + 1)
            items.append(item)
        return items, at
    found, last = {}, -1
    for _ in range(n):
        key, at = cbor(data, at, depth + 1)
        need(isinstance(key, int) and key > last, "CBOR_MALFORMED")
        found[key], at = cbor(data, at, depth + 1)
        last = key
    return found, at


def encode(value):
    """CBOR of numbers, bytes, lists and maps."""
    def head(major, n):
        if n < 24:
            return bytes([major << 5 | n])
        width = 1 if n < 256 else 2 if n < 65536 else 4
        return bytes([major << 5 | 23 + width.bit_length()]) + n.to_bytes(width, "big")
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    return head(5, len(value)) + b"".join(encode(k) + encode(value[k]) for k in sorted(value))


def varint(data, at):
    value = shift = 0
    start = at
    while True:
        need(at < len(data) and at - start < 10, "PROTOBUF_MALFORMED")
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            need((byte or at - start == 1) and value < 2**64, "PROTOBUF_MALFORMED")
            return value, at


def length(n):
    out = b""
    while n >= 128:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def message(data, kinds):
    """kinds: one letter a field, u number, b bytes, l list of bytes."""
    found = {n: {"u": 0, "b": b"", "l": []}[k] if k != "l" else [] for n, k in kinds.items()}
    at = last = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        kind = kinds.get(number)
        need(kind and (number > last or number == last and kind == "l"), "PROTOBUF_MALFORMED")
        last = number
        need(wire == (0 if kind == "u" else 2), "PROTOBUF_MALFORMED")
        value, at = varint(data, at)
        if kind == "u":
            need(value, "PROTOBUF_MALFORMED")
            found[number] = value
            continue
        need(at + value <= len(data), "PROTOBUF_MALFORMED")
        raw, at = data[at:at + value], at + value
        if kind == "l":
            found[number].append(raw)
        else:
            found[number] = raw
    return found


def fields(data, letters, first=1):
    return message(data, {first + i: k for i, k in enumerate(letters) if k != "."})


def canonical(raw, code="ANSWER_MALFORMED"):
    try:
        value = json.loads(raw.decode())
        need(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() == raw, code)
        return value
    except (ValueError, UnicodeDecodeError):
        raise Bad(code)


def der(data, code):
    """Elements that stand one behind the other: (tag, content, whole)."""
    found, at = [], 0
    while at < len(data):
        need(at + 2 <= len(data), code)
        tag, size, head = data[at], data[at + 1], 2
        if size >= 128:
            width = size & 127
            need(1 <= width <= 4 and at + 2 + width <= len(data), code)
            size, head = int.from_bytes(data[at + 2:at + 2 + width], "big"), 2 + width
        need(at + head + size <= len(data), code)
        found.append((tag, data[at + head:at + head + size], data[at:at + head + size]))
        at += head + size
    return found


def one(data, code):
    """The content of the one element that the data are."""
    elements = der(data, code)
    need(len(elements) == 1, code)
    return elements[0][1]


def integer(data, at):
    need(at + 2 < len(data) and data[at] == 2, "SIGNATURE_DER")
    size = data[at + 1]
    raw = data[at + 2:at + 2 + size]
    shortest = size and raw[:1] < b"\x80" and not (raw[0] == 0 and (size == 1 or raw[1] < 128))
    need(len(raw) == size and shortest and size <= 33, "SIGNATURE_DER")
    return int.from_bytes(raw, "big"), at + 2 + size


def signature(data):
    """(r, s) of strict DER."""
    need(len(data) > 2 and data[0] == 48 and data[1] == len(data) - 2, "SIGNATURE_DER")
    r, at = integer(data, 2)
    s, at = integer(data, at)
    need(at == len(data), "SIGNATURE_DER")
    return r, s
