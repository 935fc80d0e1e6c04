import { ProofError } from '../../proof/proof-error.js';
import { fromBase64Url, readReceipt } from '../../proof/format/compact.js';
import { readTrustRoot, trustRootFingerprints } from '../../proof/trust/parse.js';
import { type TrustRoot } from '../../proof/trust/trust-root.js';
import { digestFile, type FileDigests } from '../../proof/verify/file.js';
import { lawLinesOf } from '../../proof/verify/law.js';
import { verifyReceipt } from '../../proof/verify/verify-receipt.js';
import { byId, renderList, renderReport, renderWaiting } from './render.js';

/** What has been given so far. Nothing of it leaves the page: its policy forbids every connection. */
interface Given {
  receipt?: Uint8Array;
  trust?: TrustRoot;
  file?: FileDigests;
  run: number;
}

type Slot = 'receipt' | 'trust' | 'file';

const given: Given = { run: 0 };

/** Puts a file where it belongs. @param slot where the user put it; a drop is told by its content. */
async function take(file: File, slot: Slot | undefined): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const place = slot ?? (await recognise(bytes));
  let note = `${file.name} · ${bytes.length} B`;
  if (place === 'receipt') given.receipt = bytes;
  else if (place === 'file') given.file = digestFile(bytes);
  else note = takeTrust(bytes) ?? note;
  byId(`${place}-name`).textContent = note;
  await run();
}

/** @returns what to show instead of the file's name where it is no trust root. */
function takeTrust(bytes: Uint8Array): string | undefined {
  try {
    given.trust = readTrustRoot(bytes);
    const { 'sha-256': sha256, sm3 } = trustRootFingerprints(given.trust);
    renderList('fingerprints', [
      [{ zh: 'SHA-256', en: '' }, sha256],
      [{ zh: 'SM3', en: '' }, sm3],
    ]);
    return undefined;
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    delete given.trust;
    renderList('fingerprints', []);
    return `不是信任根 · no trust root: ${error.code}`;
  }
}

async function recognise(bytes: Uint8Array): Promise<Slot> {
  try {
    await readReceipt(bytes);
    return 'receipt';
  } catch {
    try {
      readTrustRoot(bytes);
      return 'trust';
    } catch {
      return 'file';
    }
  }
}

async function run(): Promise<void> {
  const { receipt, trust, file } = given;
  renderWaiting();
  if (receipt === undefined || trust === undefined) return;
  given.run += 1;
  const mine = given.run;
  const asOf = Date.parse((byId('as-of') as HTMLInputElement).value);
  const question = { ...(file && { file }), ...(!Number.isNaN(asOf) && { asOfMs: asOf }) };
  const report = await verifyReceipt(receipt, trust, question);
  const law = await lawLinesOf(receipt, report);
  if (mine === given.run) renderReport(report, law);
}

function listen(): void {
  for (const slot of ['receipt', 'trust', 'file'] as const) {
    byId(slot).addEventListener('change', (event) => {
      const [file] = (event.target as HTMLInputElement).files ?? [];
      if (file !== undefined) void take(file, slot);
    });
  }
  byId('as-of').addEventListener('change', () => void run());
  byId('print').addEventListener('click', () => {
    print();
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    const slot = (event.target as Element).closest('.drop')?.getAttribute('for') as Slot | null;
    const files = [...(event.dataTransfer?.files ?? [])];
    // Several at once are told apart by what is in them.
    void Promise.all(files.map((file) => take(file, files.length === 1 ? (slot ?? undefined) : undefined)));
  });
}

/** A QR code's address carries the compact receipt in its fragment, which no server ever sees. */
async function takeFragment(): Promise<void> {
  const text = location.hash.replace(/^#(r=)?/, '');
  if (text === '') return;
  try {
    given.receipt = fromBase64Url(text);
    byId('receipt-name').textContent = `来自二维码 · from the address, ${given.receipt.length} B`;
    await run();
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    byId('receipt-name').textContent = '地址中的回执不能读出 · the receipt in the address cannot be read';
  }
}

renderWaiting();
listen();
void takeFragment();
