import { type Request } from 'playwright-core';

/** Shorter ones may stand in a token or a receipt by chance, bytes. */
const ENCODED_BYTES_MIN = 8;

/** Texts that no request may carry: as they are, in hex, or in Base64 wherever in a longer text they begin. */
export class Secrets {
  readonly #forms: { readonly form: string; readonly mayGo: RegExp | undefined }[] = [];

  add(...texts: readonly string[]): void {
    for (const text of texts) this.#add(text, undefined);
  }

  /** A text that one kind of request may carry. @param mayGo that request's method and address */
  addBut(text: string, mayGo: RegExp): void {
    this.#add(text, mayGo);
  }

  /** Whether a request carries one that it may not, in its address, its headers or its body. */
  within(request: Request): boolean {
    const headers = Object.entries(request.headers()).flat();
    const sent = [request.url(), decodeURIComponent(request.url()), ...headers, request.postData() ?? ''].join('\n');
    // Both alphabets of Base64 are looked at in one, and both cases of hex.
    const spellings = [sent, sent.replaceAll('-', '+').replaceAll('_', '/'), sent.toLowerCase()];
    const name = `${request.method()} ${request.url()}`;
    return this.#forms.some(
      ({ form, mayGo }) => mayGo?.test(name) !== true && spellings.some((spelling) => spelling.includes(form)),
    );
  }

  #add(text: string, mayGo: RegExp | undefined): void {
    for (const form of formsOf(text)) this.#forms.push({ form, mayGo });
  }
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  if (bytes.length < ENCODED_BYTES_MIN) return [text];
  // Four digits of Base64 are three bytes: where those of the text begin depends on what stands before them, and the
  // digits at both ends on what stands beside them.
  const base64 = [0, 1, 2].map((skipped) => {
    const whole = Math.floor((bytes.length - skipped) / 3) * 3;
    return bytes.subarray(skipped, skipped + whole).toString('base64');
  });
  return [text, bytes.toString('hex'), ...base64];
}
