"""A second verifier of receipts, written from docs/formats/receipt.md alone: `verify.py CORPUS` prints one JSON line a case.

It stops at the first thing that is wrong; so it gives a verdict, the first code, and what is missing from a stream."""
import hashlib, json, os, sys, zlib
from datetime import datetime
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
import sm2, timestamp
from encoding import Bad, canonical, cbor, encode, fields, length, message, need, sha, signature, varint

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SKEW = 300


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


def key_of(subject):
    return ("\0" + "".join(part + "\0" for part in subject)).encode()


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def ecdsa(certificate, raw, data, code):
    _, s = signature(raw)
    need(s <= ORDER // 2, "SIGNATURE_HIGH_S")
    try:
        certificate.public_key().verify(raw, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Bad(code)


def header_of(raw):
    h = message(raw, {1: "u", 2: "u", 3: "b", 4: "b", 5: "b", 6: "u", 7: "b", 8: "b"})
    time = fields(h[3], "uu")
    name = fields(message(h[7], {2: "b"})[2], "bbb")[2].decode()
    return h[1], h[4].decode(), h[5].decode(), time[1] + time[2] / 1e9, name


class Verifier:
    def __init__(self, trust):
        self.trust, self.note, self.missing = trust, None, None

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

    def sound(self, msp, leaf, root, at, stamped):
        for each in (leaf, root):
            need(each.not_valid_before_utc.timestamp() <= at <= each.not_valid_after_utc.timestamp(), "CERTIFICATE_EXPIRED")
        for epoch in self.trust["epochs"]:
            for org in epoch["organisations"]:
                for entry in org["revoked"] if org["mspId"] == msp else []:
                    taken = any(entry["issuer"] == c.issuer.public_bytes().hex() and int(entry["serial"], 16) == c.serial_number for c in (leaf, root))
                    need(not taken or stamped and stamped < when(entry["revokedAt"]), "CERTIFICATE_REVOKED")

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

    def signatures(self, att, config_block, time, known, stamped):
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
            self.sound(msp, leaf, root, time, stamped)
            need(org.get("nodeUnits", {}).get("peer", {}).get("unit") in units_of(leaf), "ENDORSER_NOT_PEER")
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
        self.carried(r)
        att, policy = r[4], self.trust["policy"]
        p = payload_of(att[0])
        need(p["status"] == 200, "ANSWER_STATUS")
        need(any(c["name"] == p["name"] and p["version"] in c["versions"] for c in policy["chaincodes"]), "CHAINCODE_UNKNOWN")
        need(not p["event"] and not any(s[3] or s[4] for s in p["spaces"]), "ATTESTATION_WRITES")
        a = canonical(p["answer"])
        known_members = {"schema", "subject", "found", "heartbeat", "record", "recordedAt", "standing", "standingSince", "validUntil", "digests", "batch"}
        need(set(a) <= known_members and a.get("schema") == "attestation/1", "ANSWER_MALFORMED")
        digests = self.batch(r, a)
        if not a["found"] and a["subject"][0] == "digest":
            _, name, asked = a["subject"]
            need(question.get("file", {}).get(name, asked) == asked, "ABSENCE_OF_ANOTHER")
        for name, value in question.get("file", {}).items():
            need(name not in digests or digests[name] == value, "FILE_MISMATCH")
        need(r[1] == self.trust["channel"], "CHANNEL_MISMATCH")
        need(r[2].hex() == self.trust["genesis"], "GENESIS_MISMATCH")
        known = self.identities(r)
        time, _ = self.proposal(att, p, known)
        stamped, refused = None, None
        try:
            stamped = timestamp.check(r[9], encode(att), self.trust["timestampAuthorities"]) if 9 in r else None
        except Bad as bad:
            refused = bad
        epoch = self.signatures(att, r[3], time, known, stamped)
        version = self.reads(p, a)
        if 5 in r:
            need(a["found"] and sha(r[5]).hex() == a["record"], "RECORD_HASH")
        self.stream(r, a)
        if 7 in r:
            self.ordering(r[7], version, p["name"], a)
        if 8 in r:
            self.audit(r, p["name"], a, known, stamped)
        if refused:
            raise refused
        if 10 in r:
            self.seal(r[10], att, epoch, time, known, stamped)
        self.standing(a, time, question)

    def carried(self, r):
        """Every identity is named, and carried once."""
        calls = [r[4]] + ([r[8]] if 8 in r else [])
        named = {ref for call in calls for ref in [call[4]] + [each[0] for each in call[6]]}
        named |= {r[10][0]} if 10 in r else set()
        refs = [sha(raw)[:8] for raw in r.get(11, [])]
        need(len(set(refs)) == len(refs) and set(refs) <= named, "RECEIPT_IDENTITY")

    def seal(self, seal, att, epoch, time, known, stamped):
        need(seal[1] == "sm2-sm3", "SEAL_ALGORITHM")
        need(seal[0] in known, "ENDORSER_UNKNOWN", "UNDECIDED")
        msp, _, leaf, root = self.member(known[seal[0]], epoch, time)
        self.sound(msp, leaf, root, time, stamped)
        key = sm2.key_of(leaf.public_bytes(Encoding.DER))
        need("seal" in units_of(leaf) and key, "SEAL_CERTIFICATE")
        need(sm2.verify(key, seal[2], b"yinzheng-seal-1\0" + encode(att)), "SEAL_SIGNATURE")

    def stream(self, r, a):
        """Notes what the stream left out, or that this cannot be told."""
        if "batch" not in a:
            return
        claimed = canonical(r[6][0]).get("sequence") if 6 in r else None
        if 5 not in r:
            self.note = "STREAM_UNKNOWN" if claimed is not None else None
            return
        record = canonical(r[5])
        place, gap = record.get("stream"), record.get("gap")
        first = place.get("first") if place else None
        need(place is None or isinstance(first, int), "STREAM_MALFORMED")
        number = first + (r[6][2] if 6 in r else 0) if place else None
        need(gap is None or place and 1 <= gap["from"] <= gap["to"] == first - 1, "STREAM_MALFORMED")
        need(claimed is None or claimed == number, "ITEM_SEQUENCE")
        if gap:
            self.note, self.missing = "GAP", [gap["from"], gap["to"]]

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
            digests = canonical(item, "BATCH_ITEM")["digests"]
        except (KeyError, TypeError):
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
        header = bytes([48, len(body)]) + body
        found = [self.orderer(each, block[3] + each.get(0, each.get(1)) + header, epoch) for each in block[4]]
        wanted = epoch["ordering"]["quorum"] if epoch["ordering"]["rule"] == "quorum" else 1
        need(len(set(found) - {None}) >= wanted, "BLOCK_QUORUM")
        need(None not in found, "BLOCK_SIGNATURE")
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

    def orderer(self, each, data, epoch):
        """Who signed a block: a consenter's number, or an orderer's certificate; None where the signature does not hold."""
        rule = epoch["ordering"]
        try:
            if rule["rule"] == "quorum":
                number = fields(each.get(1, b""), "ub")[1]
                consenter = next((c for c in rule["consenters"] if c["id"] == number), None)
                need(consenter, "")
                leaf, name = x509.load_pem_x509_certificate(consenter["certificate"].encode()), number
            else:
                raw = fields(each.get(0, b""), "bb")[1]
                allowed = [o for o in epoch["ordererOrganisations"] if o["mspId"] in rule["mspIds"]]
                msp, org, leaf, root = self.member(raw, {"organisations": allowed}, 0)
                unit = org.get("nodeUnits", {}).get("orderer", {}).get("unit")
                need(rule["role"] != "orderer" or unit in units_of(leaf), "")
                at = when(epoch["from"])
                need(all(c.not_valid_before_utc.timestamp() <= at <= c.not_valid_after_utc.timestamp() for c in (leaf, root)), "")
                name = msp, leaf.serial_number
            ecdsa(leaf, each[2], data, "")
            return name
        except Bad:
            return None

    def writes(self, payload, name, a, txid=None):
        outer = fields(payload, "bb")
        kind, channel, own, _, _ = header_of(fields(outer[1], "bb")[1])
        call = fields(fields(fields(outer[2], "l")[1][0], "bb")[2], "bb")
        spaces = payload_of(fields(call[2], "bl")[1])["spaces"]
        hit = any(w[1] == key_of(a["subject"]) and not w[2] and sha(w[3]).hex() == a["record"] for s in spaces if s[0] == name for w in s[3])
        return kind == 3 and channel == self.trust["channel"] and hit and txid in (None, own)

    def audit(self, r, name, a, known, stamped):
        p = payload_of(r[8][0])
        time, args = self.proposal(r[8], p, known)
        need(p["name"] == "qscc" and args[:2] == [b"GetTransactionByID", self.trust["channel"].encode()] and len(args) == 3 and p["status"] == 200, "AUDIT_CALL")
        self.signatures(r[8], r[3], time, known, stamped)
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


def units_of(certificate):
    return [a.value for a in certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)]


def issued(root, leaf):
    try:
        leaf.verify_directly_issued_by(root)
        return True
    except (ValueError, TypeError, InvalidSignature):
        return False


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
        verifier, verdict, code = Verifier(trust), "VALID", "OK"
        try:
            verifier.verify(data, question)
            code = verifier.note or "OK"
        except Bad as bad:
            verdict, code = bad.verdict, bad.code
        print(json.dumps({"name": name, "verdict": verdict, "code": code, "missing": verifier.missing}))


main(sys.argv[1])
