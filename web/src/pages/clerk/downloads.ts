import { zipSync } from 'fflate';

import { fromBase64 } from '../../../../proof/bytes.js';
import { pathOf } from '../../api/client.js';
import { safeName, shownName } from '../../desk/file-name.js';
import { type Session } from '../../session/session.js';
import { type QueuedFile } from './queued-file.js';

type Blobs = Pick<Session, 'blob'>;

/** A file to be saved. */
export interface Download {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The receipt of a file: as the gateway sent it along, else asked for. @throws {Problem} */
export async function receiptOf(session: Blobs, file: QueuedFile): Promise<Download> {
  const id = file.record?.id ?? '';
  const kept = file.record?.receipt === undefined ? undefined : fromBase64(file.record.receipt);
  const bytes = kept === undefined ? await fetchReceipt(session, id) : new Uint8Array(kept);
  return { name: nameOf(file.name, id, 'yz'), bytes };
}

/** The receipt of a record. @throws {Problem} */
export async function fetchReceipt({ blob }: Blobs, id: string): Promise<Uint8Array<ArrayBuffer>> {
  const accept = 'application/vnd.yinzheng.receipt+cbor';
  return bytesOf(await blob({ path: pathOf('receipts', id), accept }));
}

/** The certificate (存证证书) of a record, the same issue each time. @throws {Problem} */
export async function fetchCertificate({ blob }: Blobs, id: string): Promise<Uint8Array<ArrayBuffer>> {
  return bytesOf(await blob({ path: pathOf('receipts', id), accept: 'application/pdf' }));
}

/** The certificate of a file. @throws {Problem} */
export async function certificateOf(session: Blobs, file: QueuedFile): Promise<Download> {
  const id = file.record?.id ?? '';
  return { name: nameOf(file.name, id, 'pdf'), bytes: await fetchCertificate(session, id) };
}

/** Several files in one archive, uncompressed: receipts and PDFs gain nothing. */
export function zipOf(files: readonly Download[]): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  return new Uint8Array(zipSync(entries, { level: 0 }));
}

/** `合同.pdf.EV12….yz`: the number keeps files of one name apart. */
export function nameOf(name: string, id: string, ending: string): string {
  return `${safeName(name)}.${id}.${ending}`;
}

const COLUMNS = ['文件 file', '存证编号 id', 'SHA-256', 'SM3', '交易 tx', '区块 block', '案号 case', '盐值 salt'];

/** The list of what was recorded, as a spreadsheet reads it: UTF-8 with its mark, RFC 4180, no cell that computes. */
export function listOf(files: readonly QueuedFile[]): Uint8Array<ArrayBuffer> {
  const rows = files.map(rowOf);
  const text = [COLUMNS, ...rows].map((row) => row.map(cellOf).join(',')).join('\r\n');
  return new TextEncoder().encode(`\uFEFF${text}\r\n`);
}

function rowOf({ name, record, digests, declared }: QueuedFile): readonly string[] {
  const place = record === undefined ? ['', '', ''] : [record.id, record.txId, String(record.blockNumber ?? '')];
  const [id = '', txId = '', block = ''] = place;
  const hashes = digests === undefined ? ['', ''] : [digests['sha-256'], digests.sm3];
  const salted = declared.case === undefined ? ['', ''] : [declared.case.text, declared.case.salt];
  return [shownName(name), id, ...hashes, txId, block, ...salted];
}

function cellOf(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}
