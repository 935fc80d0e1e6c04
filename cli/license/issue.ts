import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { type DigestMap, parseSaltedDigest } from '../../domain/digests.js';
import { optional } from '../../domain/fields.js';
import { parseAttestationId } from '../../domain/ids.js';
import { type SaltedValues } from '../../domain/license-fields.js';
import {
  formatLicenseId,
  type LicenseId,
  parseIssuerCode,
  parseLicenseId,
  parseLicenseSerial,
  parseLicenseTypeCode,
} from '../../domain/license-id.js';
import { type HolderKey } from '../../domain/holder-key.js';
import { type TransferSource } from '../../domain/license.js';
import { type Caller } from '../caller.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { hashFile } from '../hash-file.js';
import { readObject, readText } from '../rest-answers.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { digestOfValue, publicKeyOf, readHolderFile, saltValue, writeHolderFile } from './holder-file.js';
import { keepValues } from './keep.js';
import { addSignedVerb, collect, openSigner, readPairs, type SignerOptions } from './options.js';

interface IssueOptions extends SignerOptions {
  readonly type: string;
  readonly serial: string;
  readonly from: string;
  readonly to?: string;
  readonly holder: string;
  readonly guardian?: string;
  readonly field: readonly string[];
  readonly unitCode: readonly string[];
  readonly file?: string;
  readonly attestation?: string;
  readonly transferredFrom?: string;
}

/** Adds `license issue`: 新发, or 转入 with what it was let go by. Values go to the own organisation's private data and into the holder's file. */
export function addLicenseIssue(group: Command, shell: Shell): void {
  addSignedVerb(group, 'issue', 'issue a licence; the chain gets digests, the holder the values')
    .requiredOption('--type <code>', 'type of licence')
    .requiredOption('--serial <text>', '7 to 32 digits and capital letters')
    .requiredOption('--from <day>', 'first day of validity')
    .option('--to <day>', 'last day of validity; without it there is none')
    .requiredOption('--holder <file>', "the holder's file, from license key; what was issued is added to it")
    .option('--guardian <file>', "a guardian's file, who then acts for the holder")
    .requiredOption('--field <name=value>', 'a private field, repeatable', collect, [])
    .option('--unit-code <name=code>', "a company's code, in clear, repeatable", collect, [])
    .option('--attestation <id>', "转入: the other region's attestation of 办理转出, used for this licence")
    .option('--transferred-from <id>', '转入 inside the own region: the licence that was let go')
    .option('--file <ofd>', 'the document itself; its digests are recorded, it stays here')
    .action(async (options: IssueOptions) => {
      const caller = await openSigner(options, ['issuer']);
      const id = identifierOf(options, caller);
      const holder = readHolderFile(options.holder);
      if (holder.licenseId !== undefined && holder.licenseId !== id) {
        throw new CliError('USAGE', { file: options.holder, wanted: 'a key that serves no other licence' });
      }
      const values = valuesOf(options.field, holder.values);
      writeHolderFile(options.holder, { ...holder, licenseId: id, values }); // Before it is sent: salts are never lost.
      const guardianKey = options.guardian === undefined ? undefined : publicKeyOf(readHolderFile(options.guardian));
      const keys = { key: publicKeyOf(holder), ...optional('guardianKey', guardianKey) };
      const source = await sourceOf(caller, options);
      const digests = options.file === undefined ? undefined : (await hashFile(options.file)).digests;
      const { txId, blockNumber } = await send(caller, options, { id, values, keys, digests, source });
      shell.finish(options, {
        exit: EXIT.match,
        json: { licenseId: id, txId, blockNumber, holder: options.holder, as: caller.user.name },
        text: [
          '证照已颁发 licence issued',
          fields([
            ['证照标识 id', id],
            ['交易 tx', txId],
            ['持证人文件 holder', options.holder],
            ['操作人 as', caller.user.name],
          ]),
        ].join('\n'),
      });
    });
}

/** What goes out for one licence. */
interface Issued {
  readonly id: LicenseId;
  readonly values: SaltedValues;
  readonly keys: { readonly key: HolderKey; readonly guardianKey?: HolderKey };
  readonly digests: DigestMap | undefined;
  readonly source: TransferSource | undefined;
}

/** 转入: the attestation itself names the licence that is let go, or its number as the chain knows it. */
async function sourceOf(
  caller: Caller,
  { attestation, transferredFrom }: IssueOptions,
): Promise<TransferSource | undefined> {
  if (attestation === undefined) {
    return transferredFrom === undefined ? undefined : { licenseId: parseLicenseId(transferredFrom, { legacy: true }) };
  }
  const attestationId = parseAttestationId(attestation);
  const { body } = await caller.call({ method: 'GET', path: `/v1/attestations/${attestationId}` });
  const { licence, numberDigest } = readObject(body.record, 'record');
  if (licence !== undefined) return { licenseId: parseLicenseId(licence), attestationId };
  return { attestationId, ...(numberDigest !== undefined && { previousDigest: parseSaltedDigest(numberDigest) }) };
}

/** Two transactions: the public record, then the values for the own organisation alone. */
async function send(caller: Caller, options: IssueOptions, { id, values, keys, digests, source }: Issued) {
  const face = {
    validFrom: options.from,
    ...optional('validTo', options.to),
    fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digestOfValue(value)])),
    unitCodes: readPairs(options.unitCode, '--unit-code'),
    ...optional('file', digests),
  };
  const { body } = await caller.call({
    method: 'POST',
    path: '/v1/licenses',
    idempotencyKey: options.request ?? randomUUID(),
    body: { licenseId: id, face, holder: keys, ...(source && { operation: '08', transferredFrom: source }) },
  });
  await keepValues(caller, id, values);
  return { txId: readText(body.txId, 'txId'), blockNumber: Number(body.blockNumber) };
}

/** The issuer code is that of the unit in the signer's certificate. */
function identifierOf({ type, serial }: IssueOptions, { user }: Caller): LicenseId {
  return formatLicenseId({
    typeCode: parseLicenseTypeCode(type),
    issuerCode: parseIssuerCode(user.unit),
    serial: parseLicenseSerial(serial),
    version: 1,
  });
}

/** A value that the file has already keeps its salt, so that a repeated command sends the same request. */
function valuesOf(texts: readonly string[], known: SaltedValues = {}): SaltedValues {
  return Object.fromEntries(
    Object.entries(readPairs(texts, '--field')).map(([name, text]) => {
      const before = known[name];
      const fresh = saltValue(text);
      return [name, before?.value === fresh.value ? before : fresh];
    }),
  );
}
