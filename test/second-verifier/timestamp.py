"""RFC 3161 tokens, section 8 of docs/formats/receipt.md."""
import hashlib
from datetime import datetime, timezone
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from encoding import Bad, der, need, one, sha

MALFORMED = "TOKEN_MALFORMED"
SIGNED_DATA, TST_INFO = "06092a864886f70d010702", "060b2a864886f70d0109100104"
CONTENT_TYPE, MESSAGE_DIGEST = "06092a864886f70d010903", "06092a864886f70d010904"
SIGNING_CERTIFICATE = ("060b2a864886f70d010910022f", "060b2a864886f70d010910020c")
SHA256 = "0609608648016503040201"
DIGESTS = {SHA256: hashes.SHA256, "0609608648016503040202": hashes.SHA384, "0609608648016503040203": hashes.SHA512}
FIXED = {"06092a864886f70d01010b": hashes.SHA256, "06092a864886f70d01010d": hashes.SHA512,
         "06082a8648ce3d040302": hashes.SHA256, "06082a8648ce3d040304": hashes.SHA512}


class Token:
    def __init__(self, raw):
        outer = der(one(raw, MALFORMED), MALFORMED)
        need(len(outer) == 2 and outer[0][2].hex() == SIGNED_DATA, MALFORMED)
        data = der(one(outer[1][1], MALFORMED), MALFORMED)
        encapsulated = der(data[2][1], MALFORMED)
        need(encapsulated[0][2].hex() == TST_INFO and len(encapsulated) == 2, MALFORMED)
        self.content = one(encapsulated[1][1], MALFORMED)
        signers = der(data[-1][1], MALFORMED)
        need(len(signers) == 1, MALFORMED)
        self.certificates = [x509.load_der_x509_certificate(c[2]) for e in data[3:-1] if e[0] == 0xA0 for c in der(e[1], MALFORMED)]
        info = der(one(self.content, MALFORMED), MALFORMED)
        imprint = der(info[2][1], MALFORMED)
        self.policy = oid(info[1][1])
        self.algorithm, self.imprint = der(imprint[0][1], MALFORMED)[0][2].hex(), imprint[1][1]
        self.time = datetime.strptime(info[4][1].decode()[:14], "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
        self.read_signer(der(signers[0][1], MALFORMED))

    def read_signer(self, signer):
        by = der(signer[1][1], MALFORMED)
        self.issuer, self.serial = by[0][2], int.from_bytes(by[1][1], "big")
        need(signer[3][0] == 0xA0, MALFORMED)
        self.signed = b"\x31" + signer[3][2][1:]
        self.digest = DIGESTS.get(der(signer[2][1], MALFORMED)[0][2].hex())
        self.signature_algorithm = der(signer[4][1], MALFORMED)[0][2].hex()
        self.signature = signer[5][1]
        attributes = {}
        for _, content, _ in der(signer[3][1], MALFORMED):
            kind, values = der(content, MALFORMED)
            need(kind[2].hex() not in attributes, MALFORMED)
            attributes[kind[2].hex()] = one(values[1], MALFORMED), values[1]
        need(MESSAGE_DIGEST in attributes, MALFORMED)
        self.content_type = attributes.get(CONTENT_TYPE, (b"", b""))[1]
        self.message_digest = attributes[MESSAGE_DIGEST][0]
        name = next((n for n in SIGNING_CERTIFICATE if n in attributes), None)
        need(name, MALFORMED)
        first = der(der(one(attributes[name][1], MALFORMED), MALFORMED)[0][1], MALFORMED)[0][1]
        parts = der(first, MALFORMED)
        self.certificate_hash = parts[1][1] if parts[0][0] == 0x30 else parts[0][1]


def oid(raw):
    numbers, value = [raw[0] // 40, raw[0] % 40], 0
    for byte in raw[1:]:
        value = value << 7 | byte & 127
        if byte < 128:
            numbers.append(value)
            value = 0
    return ".".join(map(str, numbers))


def signed_by(certificate, raw, data, algorithm):
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(raw, data, padding.PKCS1v15(), algorithm())
        else:
            key.verify(raw, data, ec.ECDSA(algorithm()))
        return True
    except (InvalidSignature, ValueError):
        return False


def covers(certificate, at):
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def for_stamping(certificate):
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return [u.dotted_string for u in usages] == ["1.3.6.1.5.5.7.3.8"]


def issued(issuer, subject, at):
    try:
        subject.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return issuer != subject and covers(issuer, at) and authority(issuer)


def authority(certificate):
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def check(raw, stamped, authorities):
    """The token's time, in seconds."""
    try:
        token = Token(raw)
    except (ValueError, IndexError):
        raise Bad(MALFORMED)
    need(token.algorithm == SHA256 and token.imprint == sha(stamped), "TOKEN_IMPRINT")
    listed = [(x509.load_pem_x509_certificate(a["certificate"].encode()), a["policies"]) for a in authorities]
    pool = token.certificates + [c for c, _ in listed]
    signer = next((c for c in pool if c.issuer.public_bytes() == token.issuer and c.serial_number == token.serial), None)
    need(signer, "TOKEN_CERTIFICATE")
    whole = signer.public_bytes(Encoding.DER)
    hashed = hashlib.sha1(whole) if len(token.certificate_hash) == 20 else hashlib.sha256(whole)
    need(hashed.digest() == token.certificate_hash, "TOKEN_CERTIFICATE")
    need(token.digest, "TOKEN_ALGORITHM", "UNDECIDED")
    content = hashes.Hash(token.digest())
    content.update(token.content)
    need(token.content_type.hex() == TST_INFO and content.finalize() == token.message_digest, "TOKEN_SIGNATURE")
    algorithm = FIXED.get(token.signature_algorithm, token.digest)
    need(signed_by(signer, token.signature, token.signed, algorithm), "TOKEN_SIGNATURE")
    need(for_stamping(signer) and covers(signer, token.time), "TOKEN_CERTIFICATE")
    reached = [signer]
    for _ in range(4):
        found = next((policies for c, policies in listed if c in reached), None)
        if found is not None:
            need(not found or token.policy in found, "TOKEN_POLICY")
            return token.time.timestamp()
        reached = [c for c in pool if any(issued(c, each, token.time) for each in reached)]
    raise Bad("TOKEN_AUTHORITY")
