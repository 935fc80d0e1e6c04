import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ClassicLevel } from 'classic-level';

import { isResidentNumber } from '../../domain/personal-number.js';
import { searchFolder } from '../support/network/byte-search.js';
import { yinzheng, yinzhengJson } from '../support/network/command-line.js';
import { MATTER, TYPE_CODE, UNITS, VALUES } from '../support/license-requests.js';
import { TestNetwork } from '../support/network/test-network.js';

const SEEDS = Object.values(VALUES);
const PURPOSE = '张三办理跨省通办的企业迁移登记';
const unitText = ({ mspId, unit }: { readonly mspId: string; readonly unit: string }) => `${mspId}:${unit}`;

type Json = Readonly<Record<string, unknown>>;

/** The whole story on the command line, with a person's data in every private field. */
describe('R28 R29 R30 a licence on the command line, and where its holder’s data are', () => {
  let network: TestNetwork;
  let desk: string;
  let holder: string;
  let id: string;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    desk = await mkdtemp(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'desk-'));
    holder = join(desk, 'holder.json');
  });
  afterAll(async () => {
    await network.close();
    await rm(desk, { recursive: true, force: true });
  });

  const run = (...args: string[]) => yinzheng('license', ...args, '--data', network.folder.root);
  const ask = async (...args: string[]): Promise<Json> =>
    (await yinzhengJson('license', ...args, '--data', network.folder.root)) as Json;
  const present = (out: string, ...more: string[]) =>
    ask(
      ...['present', holder, '--to', unitText(UNITS.beijing), '--matter', MATTER, '--purpose', 'government-service'],
      ...['--for', PURPOSE, '--field', 'holderName', '--field', 'holderNumber', '--out', out, ...more],
    );

  test('Guangdong defines a type and issues a licence to a holder with a key of their own', async () => {
    const fields = Object.keys(VALUES).flatMap((name) => ['--field', name]);
    await ask(
      ...['define', TYPE_CODE, '--as', 'issuer@guangdong', '--kind', 'business-license'],
      ...[...fields, '--unit-field', 'companyCode', '--authority', unitText(UNITS.guangdong)],
    );
    await ask('key', holder);
    const values = Object.entries(VALUES).flatMap(([name, value]) => ['--field', `${name}=${value}`]);
    const issued = await ask(
      ...['issue', '--as', 'issuer@guangdong', '--type', TYPE_CODE, '--serial', '2026000001'],
      ...['--from', '2020-01-01', '--holder', holder, '--unit-code', `companyCode=${UNITS.beijing.unit}`, ...values],
    );
    id = String(issued.licenseId);
    expect(await ask('status', id)).toMatchObject({ verdict: 'VALID', content: 'RECORDED' });
  });

  test('the holder shows it in Beijing once; the second use is refused', async () => {
    const shown = join(desk, 'shown.json');
    await present(shown);
    const used = await ask('use', shown, '--as', 'officer@beijing');
    expect(used.fields).toEqual([
      { name: 'holderName', value: VALUES.holderName, verdict: 'MATCH' },
      { name: 'holderNumber', value: VALUES.holderNumber, verdict: 'MATCH' },
    ]);
    const again = await run('use', shown, '--as', 'officer@beijing');
    expect([again.exit, again.stderr]).toEqual([1, expect.stringContaining('CODE_USED')]);
    const trail = (await ask('trail', holder)).trail as Json[];
    expect(trail.map(({ action }) => action)).toEqual(['use', 'grant']);
  });

  test('the verifier may fetch the granted values from the issuing organisation, and no others', async () => {
    const shown = join(desk, 'standing.json');
    const { grantId } = await present(shown, '--standing');
    await ask('use', shown, '--as', 'officer@beijing');
    const officer = await network.restAs('officer@beijing');
    const path = `/v1/licenses/${id}/grants/${String(grantId)}/uses/1/values`;
    const { status, body } = await officer.get(path);
    expect([status, Object.keys(body.values as object)]).toEqual([200, ['holderName', 'holderNumber']]);
    expect(body.values).toMatchObject({ holderNumber: { value: VALUES.holderNumber } });
    const fetched = await run('fetch', shown, '--as', 'officer@beijing');
    expect([fetched.exit, fetched.stdout]).toEqual([0, expect.stringContaining(VALUES.holderNumber)]);
    const notary = await network.restAs('notary@zhejiang');
    expect((await notary.get(path)).body).toMatchObject({ code: 'GRANT_MISMATCH' });
    await ask('revoke', holder, String(grantId));
    expect((await officer.get(path)).body).toMatchObject({ status: 403, code: 'GRANT_REVOKED' });
    const issuer = await network.restAs('issuer@guangdong');
    expect((await issuer.get(`/v1/licenses/${id}/fields`)).body).toMatchObject({
      values: { holderPhone: { value: VALUES.holderPhone } },
    });
  });

  test('suspended, it is not shown any more, and yesterday stays as it was', async () => {
    await ask('operate', id, '03', '--as', 'issuer@guangdong', '--document', '粤市监〔2026〕1号');
    const status = await run('status', id);
    expect([status.exit, status.stdout]).toEqual([1, expect.stringContaining('暂扣')]);
    const yesterday = new Date(Date.now() - 16 * 3_600_000).toISOString().slice(0, 10);
    expect(await ask('status', id, '--as-of', yesterday)).toMatchObject({ verdict: 'VALID' });
  });

  test('everybody looks up what is theirs: type, history, kept values, integrity', async () => {
    expect((await run('type', TYPE_CODE)).stdout).toContain('holderPhone (private)');
    const history = await run('history', id, '--as', 'auditor@beijing');
    expect(history.stdout).toContain('03: 01 → 02');
    expect((await run('values', id, '--as', 'issuer@guangdong')).stdout).toContain(VALUES.holderPhone);
    const sound = await run('integrity', holder);
    expect([sound.exit, sound.stdout]).toEqual([0, expect.stringContaining('已登记')]);
    const forged = join(desk, 'forged.json');
    const file = JSON.parse(await readFile(holder, 'utf8')) as { values: Record<string, Salted> };
    const { holderName } = file.values;
    await writeFile(forged, JSON.stringify({ ...file, values: { holderName: { ...holderName, value: '王五' } } }));
    const other = await run('integrity', forged);
    expect([other.exit, other.stdout]).toEqual([1, expect.stringContaining('不一致')]);
  });

  let child = '';
  let first = '';
  let childKey = '';
  const as = ['--as', 'issuer@guangdong'];

  test('a guardian asks for renewal for a minor, and the authority refuses it', async () => {
    const guardian = join(desk, 'guardian.json');
    child = join(desk, 'child.json');
    childKey = String((await ask('key', child)).key);
    await ask('key', guardian);
    const named = ['holderName=小明', 'holderNumber=0', 'holderPhone=1'].flatMap((pair) => ['--field', pair]);
    const lastDay = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
    const { licenseId } = await ask(
      ...['issue', ...as, '--type', TYPE_CODE, '--serial', '2026000002', '--from', '2020-01-01', '--to', lastDay],
      ...['--holder', child, '--guardian', guardian, ...named],
    );
    first = String(licenseId);
    expect((await run('renew', child)).stderr).toContain('GUARDIAN_REQUIRED');
    const asked = await run('renew', child, '--guardian', guardian);
    expect([asked.exit, asked.stdout]).toEqual([0, expect.stringContaining('视为准予延续')]);
    await ask('refuse-renewal', first, '--document', '粤市监不延〔2026〕1号', ...as);
  });

  test('of age, the holder acts by an own key, and a changed version keeps its values too', async () => {
    await ask('enrol', first, '--key', childKey, ...as);
    expect((await run('trail', child)).exit).toBe(0);
    const changed = ['operate', first, '09', '--from', '2020-01-01', '--holder', child, '--field', 'holderName=大明'];
    const { stored } = await ask(...changed, ...as);
    const next = String((stored as Json).licenseId);
    expect((await run('values', next, ...as)).stdout).toContain('大明');
    expect(await ask('integrity', child)).toMatchObject({ licenseId: next, verdict: 'MATCH' });
  });

  test('the data are with the peer of the issuing organisation alone: no other file of anybody has them', async () => {
    await network.down();
    const found = await searchFolder(network.folder.root, [...SEEDS, PURPOSE]);
    const places = [...new Set(found.map(({ place }) => place))];
    expect(places.filter((place) => !place.includes('guangdong'))).toEqual([]);
    expect(new Set(found.map(({ text }) => text))).toEqual(new Set(SEEDS));
  });

  test('a dictionary of everyone of a district and a day finds no digest on the ledger', async () => {
    const digests = residentsOf('110105', '19491231').flatMap((number) =>
      ['sha256', 'sm3'].map((algorithm) => createHash(algorithm).update(number).digest('hex')),
    );
    expect(digests).toHaveLength(2_000);
    const ledgers = join(network.folder.root, 'ledgers');
    const bytes = await readEverything(ledgers);
    // The control: what the chain does have of this very number is found.
    const { values = {} } = JSON.parse(await readFile(holder, 'utf8')) as { values?: Record<string, Salted> };
    const { salt = '', value = '' } = values.holderNumber ?? {};
    const salted = createHash('sha256').update(Buffer.from(salt, 'hex')).update(value).digest('hex');
    expect(holds(bytes, salted)).toBe(true);
    expect(digests.filter((digest) => holds(bytes, digest))).toEqual([]);
  });

  test('deleted on request they are gone from every peer, and the integrity verdict says 已删除', async () => {
    await network.up();
    await ask('purge', id, '--as', 'issuer@guangdong');
    const issuer = await network.restAs('issuer@guangdong');
    expect((await issuer.get(`/v1/licenses/${id}/fields`)).body).toMatchObject({ status: 410, code: 'LICENSE_PURGED' });
    const shown = await run('status', id);
    expect(shown.stdout).toContain('已删除');
    const sound = await run('integrity', holder);
    expect([sound.exit, sound.stdout]).toEqual([0, expect.stringContaining('已删除')]);
    const { body } = await issuer.get(`/v1/licenses/${id}/history`);
    const [act] = body.acts as { request: { face: { fields: Json } } }[];
    const wanted = { fields: act?.request.face.fields };
    const compared = await network.restAsAnyone().post(`/v1/licenses/${id}/integrity`, wanted);
    expect(compared.body).toMatchObject({ verdict: 'MATCH', content: 'PURGED', contentWording: { zh: '已删除' } });
    await network.down();
    expect(await searchFolder(network.folder.root, SEEDS)).toEqual([]);
  });
});

interface Salted {
  readonly value: string;
  readonly salt: string;
}

/** In hex or as bytes. */
function holds(bytes: Buffer, digest: string): boolean {
  return bytes.includes(digest) || bytes.includes(Buffer.from(digest, 'hex'));
}

/** All files of the peers, and what stands in their databases, which may be compressed on disk. */
async function readEverything(folder: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const { parentPath, name } of entries) parts.push(await readFile(join(parentPath, name)));
  // Only now: opening a database changes its files.
  for (const { parentPath, name } of entries) if (name === 'CURRENT') parts.push(await readDatabase(parentPath));
  return Buffer.concat(parts);
}

async function readDatabase(folder: string): Promise<Buffer> {
  const encodings = { keyEncoding: 'buffer', valueEncoding: 'buffer' } as const;
  const database = new ClassicLevel<Buffer, Buffer>(folder, { ...encodings, createIfMissing: false });
  const parts: Buffer[] = [];
  for await (const [key, value] of database.iterator()) parts.push(key, value);
  await database.close();
  return Buffer.concat(parts);
}

/** All valid numbers of people registered in a district and born on a day: a thousand. */
function residentsOf(district: string, day: string): string[] {
  return Array.from({ length: 1_000 }, (_, serial) => `${district}${day}${String(serial).padStart(3, '0')}`).flatMap(
    (body) => Array.from('0123456789X', (check) => body + check).filter(isResidentNumber),
  );
}
