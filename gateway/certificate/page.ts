import { readFile } from 'node:fs/promises';

import PDFDocument from 'pdfkit';
import { create as createQr } from 'qrcode';

import { DomainError } from '../../domain/errors.js';
import { type CertificateRow } from './content.js';
import { addSignatureField } from './pdf-signature.js';

/** Noto Sans SC under the SIL Open Font License; pdfkit embeds the glyphs that are used. */
const FONT_FILE = require.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf');
const TITLE = '存证证书';
const MARGIN = 48;
/** Free at the end of each page, for the footer. */
const FOOT = 40;
const LABEL_WIDTH = 96;
const ROW_GAP = 1.6;
const SIZE = { title: 20, row: 8.5, foot: 7.5 } as const;
const INK = { value: '#000000', label: '#555555', rule: '#dddddd' } as const;
/** Side of the code on paper in points, and the quiet zone that scanners need, in modules (ISO/IEC 18004). */
const QR_SIDE = 190;
const QR_QUIET_MODULES = 4;

let font: Buffer | undefined;

/** What a page is made of. */
export interface CertificatePage {
  readonly id: string;
  readonly rows: readonly CertificateRow[];
  /** What the code holds: an address whose fragment is the compact receipt. */
  readonly qrText: string;
  /** The whole receipt, attached as `<id>.yz`. */
  readonly receipt: Uint8Array;
  readonly issuedAt: Date;
}

/**
 * Draws the certificate with room for a signature. @returns bytes for `signPdf`.
 * @throws REQUEST_MALFORMED with `codePoint` for a character that the font cannot show: it is refused by name, because a
 * blank in its place would be read as another name
 */
export async function drawCertificate(page: CertificatePage): Promise<Buffer> {
  font ??= await readFile(FONT_FILE);
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN - 8, left: MARGIN, right: MARGIN, bottom: FOOT },
    bufferPages: true,
    info: { Title: `${TITLE} ${page.id}`, CreationDate: page.issuedAt, ModDate: page.issuedAt },
  });
  const parts: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => {
      resolve(Buffer.concat(parts));
    });
    document.on('error', reject);
  });
  document.registerFont('text', font).font('text');
  for (const [label, value] of page.rows) checkGlyphs(document, `${label}${value}`);
  document.fontSize(SIZE.title).text(TITLE, { align: 'center' }).moveDown(0.4);
  document.fontSize(SIZE.row);
  for (const row of page.rows) drawRow(document, row);
  drawQr(document, page.qrText);
  drawFooters(document, page.id);
  document.file(Buffer.from(page.receipt), {
    name: `${page.id}.yz`,
    type: 'application/vnd.yinzheng.receipt+cbor',
    description: '回执 receipt',
    creationDate: page.issuedAt,
    modifiedDate: page.issuedAt,
  });
  addSignatureField(document, page.issuedAt);
  document.end();
  return done;
}

/** The part of fontkit that pdfkit keeps behind a font; its own types do not show it. */
interface EmbeddedFont {
  readonly _font: { readonly font: { readonly hasGlyphForCodePoint: (codePoint: number) => boolean } };
}

function checkGlyphs(document: PDFKit.PDFDocument, text: string): void {
  const { font: face } = (document as unknown as EmbeddedFont)._font;
  for (const letter of text) {
    const codePoint = letter.codePointAt(0) ?? 0;
    if (face.hasGlyphForCodePoint(codePoint)) continue;
    const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    throw new DomainError('REQUEST_MALFORMED', { wanted: 'characters that the certificate can show', codePoint: name });
  }
}

/** A row stays together: one that does not fit begins the next page. */
function drawRow(document: PDFKit.PDFDocument, [label, value]: CertificateRow): void {
  const width = document.page.width - 2 * MARGIN - LABEL_WIDTH;
  if (document.y + document.heightOfString(value, { width }) > bottomOf(document)) document.addPage();
  const top = document.y;
  document.fillColor(INK.label).text(label, MARGIN, top, { width: LABEL_WIDTH - 8 });
  document.fillColor(INK.value).text(value, MARGIN + LABEL_WIDTH, top, { width });
  const rule = document.y + ROW_GAP / 2;
  document.moveTo(MARGIN, rule).lineTo(document.page.width - MARGIN, rule);
  document.lineWidth(0.4).stroke(INK.rule);
  document.y += ROW_GAP;
}

function bottomOf({ page }: PDFKit.PDFDocument): number {
  return page.height - FOOT;
}

/** Which record it is and how many pages belong together, on each of them. */
function drawFooters(document: PDFKit.PDFDocument, id: string): void {
  const { start, count } = document.bufferedPageRange();
  document.fontSize(SIZE.foot).fillColor(INK.label);
  for (let number = 1; number <= count; number += 1) {
    document.switchToPage(start + number - 1);
    document.page.margins.bottom = 0; // Else a text so low would begin another page.
    const width = document.page.width - 2 * MARGIN;
    const words = `${TITLE} ${id} · 第 ${number} 页，共 ${count} 页`;
    document.text(words, MARGIN, bottomOf(document) + 12, { width, align: 'center', lineBreak: false });
  }
}

function drawQr(document: PDFKit.PDFDocument, text: string): void {
  const { modules } = createQr(text, { errorCorrectionLevel: 'L' });
  const module = QR_SIDE / (modules.size + 2 * QR_QUIET_MODULES);
  if (document.y + QR_SIDE > bottomOf(document)) document.addPage();
  const top = document.y;
  const left = document.page.width - MARGIN - QR_SIDE;
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) === 0) continue;
      const x = left + (column + QR_QUIET_MODULES) * module;
      document.rect(x, top + (row + QR_QUIET_MODULES) * module, module, module);
    }
  }
  document.fill(INK.value);
  const width = document.page.width - 2 * MARGIN - QR_SIDE - 16;
  const words =
    '二维码载有精简回执，在地址的片段部分，不会传给任何服务器。完整回执附于本文件（附件）。核验：yinzheng verify 回执 --trust 信任根 --file 文件。';
  document.text(words, MARGIN, top + 16, { width });
}
