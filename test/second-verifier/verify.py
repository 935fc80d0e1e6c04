"""A second verifier of receipts, written from docs/formats/receipt.md alone: `verify.py CORPUS` prints one JSON line a case.

It stops at the first thing that is wrong and knows no time-stamps; so it gives a verdict and the first code."""
import hashlib, json, os, re, sys, zlib
from datetime import datetime, timezone
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SKEW = 300


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


def results(action_results):
    spaces = []
    for raw in fields(action_results, "ul")[2]:
        outer = fields(raw, "bbl")
        rw = fields(outer[2], "llll")
        spaces.append((outer[1].decode(), [fields(r, "bl") for r in rw[1]], [fields(r, "bbubb") for r in rw[2]], [message(w, {1: "b", 2: "u", 3: "b"}) for w in rw[3]], bool(rw[4] or outer[3])))
    return spaces


def payload_of(raw):
    outer = fields(raw, "bb")
    action = fields(outer[2], "bbbb")
    response = message(action[3], {1: "u", 2: "b", 3: "b"})
    name = fields(action[4], "bbb")
    return {"hash": outer[1], "status": response[1], "answer": response[3], "name": name[2].decode(), "version": name[3].decode(), "spaces": results(action[1]), "event": action[2]}


def canonical(raw):
    try:
        value = json.loads(raw.decode())
        need(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() == raw, "ANSWER_MALFORMED")
        return value
    except (ValueError, UnicodeDecodeError):
        raise Bad("ANSWER_MALFORMED")


def key_of(subject):
    return ("\0" + "".join(part + "\0" for part in subject)).encode()


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def integer(der, at):
    need(at + 2 < len(der) and der[at] == 2, "SIGNATURE_DER")
    size = der[at + 1]
    raw = der[at + 2:at + 2 + size]
    need(len(raw) == size and size and raw[0] < 128 and not (raw[0] == 0 and (size == 1 or raw[1] < 128)) and size <= 33, "SIGNATURE_DER")
    return int.from_bytes(raw, "big"), at + 2 + size


def ecdsa(certificate, der, data, code):
    need(len(der) > 2 and der[0] == 48 and der[1] == len(der) - 2, "SIGNATURE_DER")
    _, at = integer(der, 2)
    s, at = integer(der, at)
    need(at == len(der), "SIGNATURE_DER")
    need(s <= ORDER // 2, "SIGNATURE_HIGH_S")
    try:
        certificate.public_key().verify(der, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Bad(code)


def header_of(raw):
    h = message(raw, {1: "u", 2: "u", 3: "b", 4: "b", 5: "b", 6: "u", 7: "b", 8: "b"})
    time = fields(h[3], "uu")
    name = fields(message(h[7], {2: "b"})[2], "bbb")[2].decode()
    return h[1], h[4].decode(), h[5].decode(), time[1] + time[2] / 1e9, name


class Verifier:
    def __init__(self, trust):
        self.trust = trust

    def identities(self, receipt):
        known = {}
        for each in self.trust["identities"]:
            msp, pem = each["mspId"].encode(), each["certificate"].encode()
            raw = b"\x0a" + length(len(msp)) + msp + b"\x12" + length(len(pem)) + pem
            known[sha(raw)[:8]] = raw
        known.update({sha(raw)[:8]: raw for raw in receipt.get(11, [])})
        return known

    def member(self, raw, epoch, at):
        ident = fields(raw, "bb")
        msp = ident[1].decode()
        org = next((o for o in epoch["organisations"] if o["mspId"] == msp), None)
        need(org, "ORGANISATION_UNKNOWN")
        leaf = x509.load_pem_x509_certificate(ident[2])
        roots = [x509.load_pem_x509_certificate(pem.encode()) for pem in org["roots"]]
        chain = next((r for r in roots if issued(r, leaf)), None)
        need(chain, "CERTIFICATE_UNTRUSTED")
        return msp, org, leaf, chain

    def sound(self, msp, leaf, root, at):
        for each in (leaf, root):
            need(each.not_valid_before_utc.timestamp() <= at <= each.not_valid_after_utc.timestamp(), "CERTIFICATE_EXPIRED")
        for epoch in self.trust["epochs"]:
            for org in epoch["organisations"]:
                for entry in org["revoked"] if org["mspId"] == msp else []:
                    taken = any(entry["issuer"] == c.issuer.public_bytes().hex() and int(entry["serial"], 16) == c.serial_number for c in (leaf, root))
                    need(not taken, "CERTIFICATE_REVOKED")

    def proposal(self, att, payload, known):
        need(att[4] in known, "CREATOR_UNKNOWN", "UNDECIDED")
        creator = known[att[4]]
        txid = hashlib.sha256(att[3] + creator).hexdigest().encode()
        header = att[1] + txid + att[2]
        signature_header = b"\x0a" + length(len(creator)) + creator + b"\x12" + length(len(att[3])) + att[3]
        kind, channel, _, time, name = header_of(header)
        need(kind == 3 and channel == self.trust["channel"], "CHANNEL_MISMATCH")
        spec = message(message(fields(att[5], "b")[1], {1: "b"})[1], {1: "u", 2: "b", 3: "b"})
        called = fields(spec[2], "bbb")[2].decode()
        need(name == called == payload["name"], "PROPOSAL_CHAINCODE")
        need(sha(header, signature_header, att[5]) == payload["hash"], "PROPOSAL_HASH")
        return time, fields(spec[3], "l")[1]

    def signatures(self, att, config_block, time, known):
        epochs = self.trust["epochs"]
        index = next((i for i, e in enumerate(epochs) if e["configBlock"] == config_block), None)
        need(index is not None, "EPOCH_UNKNOWN", "UNDECIDED")
        epoch = epochs[index]
        need(time >= when(epoch["from"]) - SKEW, "EPOCH_TIME")
        need(index + 1 == len(epochs) or time <= when(epochs[index + 1]["from"]) + SKEW, "EPOCH_TIME")
        found = set()
        for each in att[6]:
            need(each[0] in known, "ENDORSER_UNKNOWN", "UNDECIDED")
            raw = known[each[0]]
            need(fields(raw, "bb")[1].decode() in self.trust["policy"]["organisations"], "ORGANISATION_UNKNOWN")
            msp, org, leaf, root = self.member(raw, epoch, time)
            self.sound(msp, leaf, root, time)
            units = [a.value for a in leaf.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)]
            need(org.get("nodeUnits", {}).get("peer", {}).get("unit") in units, "ENDORSER_NOT_PEER")
            ecdsa(leaf, each[1], att[0] + raw, "SIGNATURE_INVALID")
            found.add(msp)
        need(len(found) >= self.trust["policy"]["organisationsMin"], "ORGANISATIONS_TOO_FEW")
        return epoch

    def verify(self, data, question):
        if data[:1] == b"\x01":
            inflater = zlib.decompressobj(-15)
            try:
                data = inflater.decompress(data[1:], 4194304)
            except zlib.error:
                raise Bad("RECEIPT_MALFORMED")
            need(inflater.eof and not inflater.unused_data, "RECEIPT_MALFORMED")
        r, end = cbor(data)
        need(end == len(data), "CBOR_MALFORMED")
        need(isinstance(r, dict), "RECEIPT_MALFORMED")
        need(r.get(0) == 1, "RECEIPT_VERSION")
        need(all(k <= 11 or k >= 128 for k in r), "RECEIPT_CRITICAL_FIELD")
        need(all(k in r for k in range(5)), "RECEIPT_MALFORMED")
        att, policy = r[4], self.trust["policy"]
        p = payload_of(att[0])
        need(p["status"] == 200, "ANSWER_STATUS")
        need(any(c["name"] == p["name"] and p["version"] in c["versions"] for c in policy["chaincodes"]), "CHAINCODE_UNKNOWN")
        need(not p["event"] and not any(s[3] or s[4] for s in p["spaces"]), "ATTESTATION_WRITES")
        a = canonical(p["answer"])
        known_members = {"schema", "subject", "found", "heartbeat", "record", "recordedAt", "standing", "standingSince", "validUntil", "digests", "batch"}
        need(set(a) <= known_members and a.get("schema") == "attestation/1", "ANSWER_MALFORMED")
        digests = self.batch(r, a)
        for name, value in question.get("file", {}).items():
            need(name not in digests or digests[name] == value, "FILE_MISMATCH")
        need(r[1] == self.trust["channel"], "CHANNEL_MISMATCH")
        need(r[2].hex() == self.trust["genesis"], "GENESIS_MISMATCH")
        known = self.identities(r)
        time, _ = self.proposal(att, p, known)
        epoch = self.signatures(att, r[3], time, known)
        version = self.reads(p, a)
        if 5 in r:
            need(a["found"] and sha(r[5]).hex() == a["record"], "RECORD_HASH")
        if 7 in r:
            self.ordering(r[7], version, p["name"], a)
        if 8 in r:
            self.audit(r, p["name"], a, known)
        if 10 in r:
            need(r[10][1] == "ecdsa-p256-sha256", "SEAL_ALGORITHM")
            msp, _, leaf, root = self.member(known[r[10][0]], epoch, time)
            self.sound(msp, leaf, root, time)
            ecdsa(leaf, r[10][2], b"yinzheng-seal-1\0" + encode(att), "SEAL_SIGNATURE")
        self.standing(a, time, question)

    def batch(self, r, a):
        batch = a.get("batch")
        if 6 not in r:
            need(batch is None, "BATCH_PART_MISSING")
            return a.get("digests", {})
        need(batch, "BATCH_NOT_ATTESTED")
        item, salt, index, size, path = (r[6][k] for k in range(5))
        need(index < size == batch["size"], "BATCH_INDEX")
        node, steps, first, last = sha(b"\0", sha(salt, item)), 0, index, size - 1
        for sibling in path:
            need(last, "BATCH_PATH_LENGTH")
            if first & 1 or first == last:
                node = sha(b"\1", sibling, node)
                while first and not first & 1:
                    first, last = first >> 1, last >> 1
            else:
                node = sha(b"\1", node, sibling)
            first, last = first >> 1, last >> 1
        need(last == 0, "BATCH_PATH_LENGTH")
        try:
            digests = canonical(item)["digests"]
        except Bad:
            raise Bad("BATCH_ITEM")
        need(node.hex() == batch["root"], "BATCH_ROOT")
        return digests

    def reads(self, p, a):
        own = [s for s in p["spaces"] if s[0] == p["name"]]
        need(len(own) == 1, "READ_MISSING")
        key = key_of(a["subject"])
        found = [x for x in own[0][1] if x[1] == key]
        if a["found"]:
            need(len(found) == 1, "READ_MISSING")
            need(found[0][2], "READ_CONTRADICTS")
            version = fields(found[0][2][0], "uu")
            return version[1], version[2]
        need(not any(x[2] for x in found), "READ_CONTRADICTS")
        if not found:
            around = [x for x in own[0][2] if key.startswith(x[1]) and x[2] == x[1] + "\U0010ffff".encode()]
            need(around, "READ_MISSING")
            need(any(x[3] and not x[5] and not x[4] for x in around), "READ_CONTRADICTS")
        return None

    def ordering(self, block, version, name, a):
        need(block[0] == version[0], "BLOCK_NUMBER")
        need(sha(block[5]) == block[2], "BLOCK_DATA_HASH")
        epoch = [e for e in self.trust["epochs"] if e["configBlock"] < block[0]][-1]
        number = block[0].to_bytes(block[0].bit_length() // 8 + 1, "big")
        body = b"".join(bytes([t, len(v)]) + v for t, v in ((2, number), (4, block[1]), (4, block[2])))
        der, signers = bytes([48, len(body)]) + body, set()
        for each in block[4]:
            ident = fields(each[1], "ub")[1]
            for consenter in epoch["ordering"]["consenters"]:
                if consenter["id"] == ident:
                    try:
                        ecdsa(x509.load_pem_x509_certificate(consenter["certificate"].encode()), each[2], block[3] + each[1] + der, "")
                        signers.add(ident)
                    except Bad:
                        pass
        need(len(signers) >= epoch["ordering"]["quorum"], "BLOCK_QUORUM")
        payloads, at, data = [], 0, block[5]
        while at < len(data):
            for tag in (0x0A, 0x12):
                need(at < len(data) and data[at] == tag, "ENVELOPE_MALFORMED")
                try:
                    size, at = varint(data, at + 1)
                except Bad:
                    raise Bad("ENVELOPE_MALFORMED")
                need(size and at + size <= len(data), "ENVELOPE_MALFORMED")
                if tag == 0x0A:
                    payloads.append(data[at:at + size])
                at += size
        need(version[1] < len(payloads), "ENVELOPE_MISSING")
        need(self.writes(payloads[version[1]], name, a), "ENVELOPE_WRITE")

    def writes(self, payload, name, a, txid=None):
        outer = fields(payload, "bb")
        kind, channel, own, _, _ = header_of(fields(outer[1], "bb")[1])
        call = fields(fields(fields(outer[2], "l")[1][0], "bb")[2], "bb")
        spaces = payload_of(fields(call[2], "bl")[1])["spaces"]
        hit = any(w[1] == key_of(a["subject"]) and not w[2] and sha(w[3]).hex() == a["record"] for s in spaces if s[0] == name for w in s[3])
        return kind == 3 and channel == self.trust["channel"] and hit and txid in (None, own)

    def audit(self, r, name, a, known):
        p = payload_of(r[8][0])
        time, args = self.proposal(r[8], p, known)
        need(p["name"] == "qscc" and args[:2] == [b"GetTransactionByID", self.trust["channel"].encode()] and len(args) == 3 and p["status"] == 200, "AUDIT_CALL")
        self.signatures(r[8], r[3], time, known)
        processed = fields(p["answer"], "bu")
        need(processed[2] == 0, "AUDIT_CODE")
        need(self.writes(fields(processed[1], "bb")[1], name, a, args[2].decode()), "AUDIT_TRANSACTION")

    def standing(self, a, time, question):
        if not a["found"]:
            return
        at = question["asOfMs"] / 1000 if "asOfMs" in question else time
        need(at >= when(a["recordedAt"]), "NOT_YET_RECORDED")
        need((at - time) * 1000 <= self.trust["policy"]["standingAgeMsMax"], "STANDING_STALE", "UNDECIDED")
        need("validUntil" not in a or at < when(a["validUntil"]), "TERM_ENDED")
        if a["standing"] not in ("MATCH", "VALID"):
            need("standingSince" not in a or at >= when(a["standingSince"]), "STANDING_EARLIER_UNKNOWN", "UNDECIDED")
            raise Bad("STANDING_" + a["standing"])


def issued(root, leaf):
    try:
        leaf.verify_directly_issued_by(root)
        return True
    except (ValueError, TypeError, InvalidSignature):
        return False


def length(n):
    out = b""
    while n >= 128:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def encode(value):
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


def main(corpus):
    for name in sorted(os.listdir(corpus)):
        folder = os.path.join(corpus, name)
        if not os.path.isdir(folder):
            continue
        own = os.path.join(folder, "trust-root.json")
        with open(own if os.path.exists(own) else os.path.join(corpus, "trust-root.json"), "rb") as f:
            trust = json.load(f)
        with open(os.path.join(folder, "receipt.yz"), "rb") as f:
            data = f.read()
        with open(os.path.join(folder, "question.json"), "rb") as f:
            question = json.load(f)
        verdict, code = "VALID", "OK"
        try:
            Verifier(trust).verify(data, question)
        except Bad as bad:
            verdict, code = bad.verdict, bad.code
        print(json.dumps({"name": name, "verdict": verdict, "code": code}))


main(sys.argv[1])
