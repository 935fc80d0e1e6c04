"""SM2 (GB/T 32918) in plain numbers: slow, and for verifying only."""
import hashlib
from encoding import Bad, signature

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
ID = b"1234567812345678"
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")


def key_of(certificate_der):
    """The 64 bytes of an SM2 key in a certificate; None where its key is another."""
    at = certificate_der.find(SPKI)
    return None if at < 0 else certificate_der[at + len(SPKI):at + len(SPKI) + 64]


def add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % P == 0:
        return None
    slope = (3 * p[0] * p[0] + A) * pow(2 * p[1], -1, P) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, P)
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def times(k, p):
    sum_ = None
    while k:
        if k & 1:
            sum_ = add(sum_, p)
        p, k = add(p, p), k >> 1
    return sum_


def sm3(*parts):
    return hashlib.new("sm3", b"".join(parts)).digest()


def verify(key, raw, data):
    try:
        r, s = signature(raw)
    except Bad:
        return False
    point = (int.from_bytes(key[:32], "big"), int.from_bytes(key[32:], "big"))
    on_curve = (point[1] ** 2 - point[0] ** 3 - A * point[0] - B) % P == 0
    t = (r + s) % N
    if not (on_curve and 0 < r < N and 0 < s < N and t):
        return False
    z = sm3((8 * len(ID)).to_bytes(2, "big"), ID, *(n.to_bytes(32, "big") for n in (A, B, *G)), key)
    found = add(times(s, G), times(t, point))
    return found is not None and (int.from_bytes(sm3(z, data), "big") + found[0]) % N == r
