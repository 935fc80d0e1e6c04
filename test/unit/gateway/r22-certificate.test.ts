import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import jsQR from 'jsqr';
import { PNG } from 'pngjs';

import { type AttestedRecord } from '../../../domain/attestation.js';
import { type Evidence } from '../../../domain/evidence.js';
import { type CertificateFacts, certificateRows } from '../../../gateway/certificate/content.js';
import { drawCertificate } from '../../../gateway/certificate/page.js';
import { signPdf } from '../../../gateway/certificate/pdf-signature.js';
import { createIdentity } from './support/identities.js';
import { hash } from './support/fake-ledger.js';

const DOTS_PER_INCH = 200;
const poppler = spawnSync('pdftoppm', ['-v']).error === undefined;
const withPoppler = poppler ? test : test.skip;
if (!poppler) process.stderr.write('r22-certificate: skipped rendering, pdftoppm (poppler-utils) is not installed\n');

const record = {
  schema: 'evidence/1',
  id: `EV${'9c'.repeat(16)}`,
  submitter: {
    mspId: 'ChongqingMSP',
    name: 'clerk-07',
    role: 'clerk',
    unit: '重庆市第一中级人民法院',
    region: '500100',
  },
  txId: hash('tx'),
  txTime: '2026-03-01T08:30:00.000Z',
  claimedAt: '2026-03-01T08:00:00.000Z',
  requestId: '00000000-0000-4000-8000-000000000001',
  digests: { 'sha-256': hash('file'), sm3: hash('sm3') },
  kind: 'document',
  interest: 'party',
  statements: {
    source: 'own-system',
    generation: 'automatic',
    storage: 'undeclared',
    notarised: 'no',
    thirdPartyWitness: 'undeclared',
    corroboration: 'yes',
  },
} as unknown as Evidence;

const facts = (more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  issue: 1,
  issuedAt: '2026-03-02T09:00:00.000Z',
  issuer: 'ChongqingMSP',
  record,
  answer: { found: true, standing: 'MATCH' } as AttestedRecord,
  stated: { name: '房屋租赁合同（终稿）.pdf', bytes: 48_213, mediaType: 'application/pdf' },
  channel: 'yinzheng',
  chaincode: { name: 'yinzheng', version: '1.0.0' },
  organisations: ['BeijingMSP', 'ChongqingMSP', 'ZhejiangMSP'],
  blockNumber: 7,
  blockHash: hash('block'),
  embedded: true,
  verifyPage: 'https://verify.example/yz',
  ...more,
});

/** As long as a compact receipt in base64url at its limit. */
const QR_TEXT = `https://verify.example/yz#${'AbC-9_xZ'.repeat(150)}`;
const RECEIPT = Buffer.from('receipt bytes '.repeat(200));

const draw = (more: Partial<CertificateFacts> = {}) =>
  drawCertificate({
    ...{ id: record.id, rows: certificateRows(facts(more)), qrText: QR_TEXT, receipt: RECEIPT },
    issuedAt: new Date('2026-03-02T09:00:00Z'),
  });

describe('R22: the certificate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const written = (name: string, bytes: Buffer): string => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  const signed = async () => {
    const { certificate, privateKey } = await createIdentity('gateway', undefined);
    const signer = { certificate: Buffer.from(certificate), privateKey: createPrivateKey(privateKey) };
    return signPdf(await draw(), signer);
  };
  const pages = (file: string): PNG[] => {
    execFileSync('pdftoppm', ['-png', '-r', String(DOTS_PER_INCH), file, file]);
    const names = readdirSync(folder).filter((name) => join(folder, name).startsWith(`${file}-`));
    return names.sort().map((name) => PNG.sync.read(readFileSync(join(folder, name))));
  };

  test('every line that the law and the courts ask for is there, and nothing claims truth or legal effect', () => {
    const rows = certificateRows(facts());
    const labels = rows.map(([label]) => label);
    for (const label of [
      ...['存证编号', '名称', '存证主体', '证件类型', '文件名', '文件大小', '文件类型', '哈希值 SHA-256', '哈希值 SM3'],
      ...['申报时间', '登记时间', '可信时间', '交易编号', '区块高度', '区块哈希', '通道', '合约版本', '背书机构'],
      ...[
        '数据来源',
        '生成机制',
        '存储过程',
        '是否经公证',
        '是否由第三方见证',
        '关联印证数据',
        '利害关系',
        '状态与异议',
      ],
      ...['前置声明', '备案编号', '验证网址', '出证机构', '适用范围'],
    ]) {
      expect(labels).toContain(label);
    }
    const text = rows.map((row) => row.join('：')).join('\n');
    expect(text).toContain('利害关系：是');
    expect(text).toContain('存储过程：未说明');
    expect(text).toContain('备案编号：未备案（测试）');
    expect(text).not.toContain(record.submitter.unit);
    expect(text).not.toContain(record.submitter.name);
    expect(text).not.toMatch(/真实有效|具有法律效力/);
  });

  test('R09 three times, whose word each is, and how far they lie apart', () => {
    const rows = new Map(certificateRows(facts({ trustedTime: '2026-03-01T08:40:05.000Z' })));
    expect(rows.get('可信时间')).toBe('2026-03-01T08:40:05.000Z（来源：RFC 3161 可信时间戳）');
    expect(rows.get('时间差')).toBe(
      '登记时间比申报时间晚 30 分 0 秒；可信时间比申报时间晚 40 分 5 秒；可信时间比登记时间晚 10 分 5 秒',
    );
    const plain = new Map(certificateRows(facts()));
    expect(plain.get('可信时间')).toBe('无可信时间戳，仅账本次序可以确定');
    expect(plain.get('时间差')).toBe('登记时间比申报时间晚 30 分 0 秒');
  });

  test('R23 two issues differ in number and date alone', () => {
    const other = certificateRows(facts({ issue: 2, issuedAt: '2026-04-01T00:00:00.000Z' }));
    const differing = certificateRows(facts()).filter(([, value], index) => other[index]?.[1] !== value);
    expect(differing.map(([label]) => label)).toEqual(['证书期次']);
  });

  test('a character that the font cannot show is refused by name', async () => {
    await expect(draw({ stated: { name: '𠮷田合同.pdf' } })).rejects.toMatchObject({
      code: 'REQUEST_MALFORMED',
      details: { codePoint: 'U+20BB7' },
    });
  });

  withPoppler(
    'every line is drawn in ink, and the code is read from the page',
    async () => {
      const file = written('drawn.pdf', await draw());
      const images = pages(file);
      const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
      for (const [label] of certificateRows(facts())) expect(text).toContain(label);
      const boxes = execFileSync('pdftotext', ['-bbox', file, '-']).toString();
      expect(wordsWithoutInk(boxes, images)).toEqual([]);
      const scanned = images.map(({ data, width, height }) => jsQR(new Uint8ClampedArray(data), width, height)?.data);
      expect(scanned).toContain(QR_TEXT);
    },
    120_000,
  );

  withPoppler(
    'an ordinary one is one page; a long one names itself on each, and cuts nothing off',
    async () => {
      const textOf = (name: string, bytes: Buffer) =>
        execFileSync('pdftotext', ['-raw', written(name, bytes), '-'])
          .toString()
          .split('\f')
          .slice(0, -1);
      const ordinary = textOf('ordinary.pdf', await draw());
      expect(ordinary.map((page) => page.includes(`${record.id} · 第 1 页，共 1 页`))).toEqual([true]);
      const organisations = Array.from({ length: 120 }, (_, index) => `CourtOfRegion${index}MSP`);
      const long = textOf('long.pdf', await draw({ organisations }));
      expect(long.length).toBeGreaterThan(1);
      long.forEach((page, index) => {
        expect(page).toContain(`${record.id} · 第 ${index + 1} 页，共 ${long.length} 页`);
      });
      const joined = long.join('').replace(/\s/g, '');
      for (const [label, value] of certificateRows(facts({ organisations }))) {
        expect(joined).toContain(label.replace(/\s/g, ''));
        expect(joined).toContain(value.replace(/\s/g, ''));
      }
    },
    60_000,
  );

  withPoppler(
    'is signed over every byte: one that changes breaks the signature',
    async () => {
      const pdf = await signed();
      const verdict = (name: string, bytes: Buffer) =>
        spawnSync('pdfsig', ['-nocert', written(name, bytes)]).stdout.toString();
      expect(verdict('signed.pdf', pdf)).toContain('Signature is Valid');
      expect(verdict('signed.pdf', pdf)).toContain('Total document signed');
      const changed = Buffer.from(pdf);
      const place = changed.indexOf('/MediaBox');
      changed.writeUInt8(changed.readUInt8(place + 3) ^ 1, place + 3);
      expect(verdict('changed.pdf', changed)).not.toContain('Signature is Valid');
    },
    60_000,
  );

  withPoppler('carries the whole receipt as an attachment', async () => {
    const file = written('attached.pdf', await draw());
    execFileSync('pdfdetach', ['-saveall', '-o', folder, file]);
    expect(readFileSync(join(folder, `${record.id}.yz`)).equals(RECEIPT)).toBe(true);
  });

  test('a key of another kind, or a file without room, is not signed', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => signPdf(Buffer.from('%PDF'), { certificate: Buffer.alloc(0), privateKey })).toThrow('no room');
    await expect(draw()).resolves.toBeInstanceOf(Buffer);
  });
});

/** Words of `pdftotext -bbox` in whose box nothing was drawn: a blank where a font has no outline. */
function wordsWithoutInk(boxes: string, images: readonly PNG[]): string[] {
  const scale = DOTS_PER_INCH / 72;
  return boxes
    .split('<page ')
    .slice(1)
    .flatMap((page, index) => {
      const image = images[index];
      const words = [...page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</g)];
      return words
        .filter(
          ([, ...box]) =>
            image === undefined ||
            !hasInk(
              image,
              box.slice(0, 4).map((edge) => Number(edge) * scale),
            ),
        )
        .map((word) => word[5] ?? '');
    });
}

function hasInk({ data, width, height }: PNG, [left = 0, top = 0, right = 0, bottom = 0]: readonly number[]): boolean {
  for (let y = Math.floor(top); y < Math.min(bottom, height); y += 1) {
    for (let x = Math.floor(left); x < Math.min(right, width); x += 1) {
      if ((data[4 * (y * width + x)] ?? 255) < 200) return true;
    }
  }
  return false;
}
