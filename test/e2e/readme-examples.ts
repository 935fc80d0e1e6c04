/** One command of a document and the lines that stand below it, `...` for lines that it leaves out. */
export interface Example {
  readonly command: string;
  readonly output: readonly string[];
}

const RUN_BLOCK = /<!-- run -->\s*```console\n([^]*?)\n```/g;
const PROMPT = '$ ';
const LEFT_OUT = '...';

/** The examples of the console blocks that a document marks with `<!-- run -->`, in order. */
export function readExamples(markdown: string): Example[] {
  const lines = [...markdown.matchAll(RUN_BLOCK)].flatMap(([, block = '']) => block.split('\n'));
  const starts = lines.flatMap((line, index) => (line.startsWith(PROMPT) ? [index] : []));
  return starts.map((start, index) => ({
    command: (lines[start] ?? '').slice(PROMPT.length),
    output: lines.slice(start + 1, starts[index + 1] ?? lines.length),
  }));
}

const RECORD_ID = /EV[0-9a-f]{32}/;
/** What differs from run to run, each with the word that stands for it in a comparison. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/EV[0-9a-f]{32}/g, 'ID'],
  [/[0-9a-f]{64}/g, 'HEX'],
  [/127\.0\.0\.1:\d+/g, 'ADDRESS'],
  [/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME'],
  [/(?<=block +)\d+/g, 'NUMBER'], // Approvals that come together may share a block.
];

/** Compares printed lines with documented ones, and remembers which record id now stands for a documented one. */
export class Transcript {
  readonly #ids = new Map<string, string>();

  /** A documented command with the ids of this run. */
  adapt(command: string): string {
    return [...this.#ids].reduce((text, [documented, real]) => text.replaceAll(documented, real), command);
  }

  /** @returns what differs: the first documented line that was not printed at its place, or the first line too many. */
  difference(documented: readonly string[], printed: readonly string[]): string | undefined {
    let at = 0;
    let leftOut = false;
    for (const line of documented) {
      if (line !== LEFT_OUT) {
        const place = printed.findIndex((each, index) => index >= at && isAlike(each, line));
        if (place < 0 || (place > at && !leftOut)) return `not printed: ${line}`;
        this.#learn(line, printed[place] ?? '');
        at = place + 1;
      }
      leftOut = line === LEFT_OUT;
    }
    return leftOut || at === printed.length ? undefined : `not documented: ${printed[at] ?? ''}`;
  }

  #learn(documented: string, printed: string): void {
    const [wanted] = RECORD_ID.exec(documented) ?? [];
    const [real] = RECORD_ID.exec(printed) ?? [];
    if (wanted !== undefined && real !== undefined) this.#ids.set(wanted, real);
  }
}

function isAlike(a: string, b: string): boolean {
  return neutral(a) === neutral(b);
}

function neutral(line: string): string {
  return CHANGING.reduce((text, [changing, word]) => text.replace(changing, word), line);
}
