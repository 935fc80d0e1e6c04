import { chinaTime } from '../../domain/calendar.js';
import { STANDING_WORDING } from '../../domain/evidence-words.js';
import { optional } from '../../domain/fields.js';
import { type LawLine } from '../../domain/law-lines.js';
import {
  differenceLines,
  NO_TRUSTED_TIME,
  type RecordTimes,
  TIME_LABELS,
  TIME_SOURCES,
} from '../../domain/record-times.js';
import { ONE_MACHINE_NOTICE, type Wording } from '../../domain/wording.js';
import { type Finding, type FindingStatus, STEPS } from '../../proof/verify/finding.js';
import { gapNumbers } from '../../proof/verify/stream.js';
import { recordTimesOf, type Report, type ReportFacts } from '../../proof/verify/report.js';
import { SKIPPED_WORDS, STATUS_WORDS, STEP_WORDS } from './words.js';

const DIFFERENCE: Wording = { zh: '时间差', en: 'Difference' };

type Shown = FindingStatus | 'WAITING';

/** The element with this id, which the page always has. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks ${id}`);
  return found;
}

/** Every step, before anything runs. */
export function renderWaiting(): void {
  byId('steps').replaceChildren(...STEPS.map((step) => stepItem('WAITING', STEP_WORDS[step], [])));
  byId('answers').replaceChildren();
  byId('law').hidden = true;
  byId('facts').hidden = true;
}

/** A report, whole: answers, facts, steps, lines of the law. Texts only; nothing of a receipt is ever markup. */
export function renderReport(report: Report, law: readonly LawLine[]): void {
  byId('answers').replaceChildren(
    ...report.answers.map(({ name, status, title, ...sentence }) => {
      const card = element('article', '', `answer ${status}`);
      card.append(
        both('h3', title),
        badge(status, status === 'SKIPPED' ? SKIPPED_WORDS[name] : undefined),
        both('p', sentence),
      );
      return card;
    }),
  );
  byId('steps').replaceChildren(...report.findings.map(findingItem));
  renderList('facts', report.facts === undefined ? [] : factRows(report.facts));
  byId('law').hidden = false;
  byId('law')
    .querySelector('ul')
    ?.replaceChildren(
      ...law.map((line) => {
        const item = element('li', '', line.state);
        const name = both('strong', { zh: line.provision, en: line.provisionEn });
        item.append(name, both('div', line));
        return item;
      }),
    );
}

/** Rows of names and values in one of the page's lists; hidden without any. */
export function renderList(id: string, rows: readonly (readonly [name: Wording, value: string])[]): void {
  const section = byId(id);
  section.hidden = rows.length === 0;
  section
    .querySelector('dl')
    ?.replaceChildren(...rows.flatMap(([name, value]) => [both('dt', name), element('dd', value)]));
}

function factRows(facts: ReportFacts): [Wording, string][] {
  const { answer } = facts;
  const rows: [Wording, string][] = [
    [{ zh: '事项', en: 'Subject' }, answer.subject.join(' ')],
    [{ zh: '是否登记', en: 'Recorded' }, answer.found ? '是 · yes' : '否 · no'],
  ];
  rows.push(...timeRows(facts));
  if (answer.found) {
    const { zh, en } = STANDING_WORDING[answer.standing];
    rows.push([{ zh: '状态', en: 'Standing' }, `${zh} ${en}`]);
    for (const [name, value] of Object.entries(answer.digests ?? {})) rows.push([{ zh: '哈希值', en: name }, value]);
  }
  rows.push([{ zh: '答复时间', en: 'Attested at' }, chinaTime(facts.attestedAt)]);
  rows.push([{ zh: '签署机构', en: 'Signed by' }, facts.organisations.join(', ')]);
  if (facts.version !== undefined) {
    rows.push([{ zh: '区块：交易', en: 'Block: transaction' }, `${facts.version.block}: ${facts.version.tx}`]);
  }
  if (facts.stream !== undefined) {
    const { sequence, gap } = facts.stream;
    rows.push([{ zh: '流中序号', en: 'Number in its stream' }, String(sequence)]);
    if (gap !== undefined) rows.push([{ zh: '缺号', en: 'Missing' }, `GAP ${gapNumbers(gap)}`]);
  }
  rows.push([
    { zh: '通道，合约', en: 'Channel, chaincode' },
    `${facts.channel}, ${facts.chaincode.name} ${facts.chaincode.version}`,
  ]);
  rows.push([{ zh: '网络类型', en: 'Kind of network' }, facts.consensus]);
  if (facts.consensus === 'yinzheng-embedded') {
    rows.push([{ zh: '注意', en: 'Note' }, `${ONE_MACHINE_NOTICE.zh} ${ONE_MACHINE_NOTICE.en}`]);
  }
  return rows;
}

/** Whose word each time is, and how far they lie apart (requirement R09). */
function timeRows(facts: ReportFacts): [Wording, string][] {
  const times: Partial<RecordTimes> = recordTimesOf(facts) ?? optional('trustedTime', facts.trustedTime);
  const rows = (['claimedAt', 'txTime', 'trustedTime'] as const).flatMap((name): [Wording, string][] => {
    const time = times[name];
    const source = time === undefined ? NO_TRUSTED_TIME : TIME_SOURCES[name];
    if (time === undefined && (name !== 'trustedTime' || !facts.answer.found)) return [];
    return [[TIME_LABELS[name], `${chinaTime(time ?? '')} ${source.zh} ${source.en}`.trim()]];
  });
  return [...rows, ...differenceLines(times).map(({ zh, en }): [Wording, string] => [DIFFERENCE, `${zh} ${en}`])];
}

function findingItem({ step, status, code, details, ...sentence }: Finding): HTMLElement {
  const words = Object.entries(details).map(([name, value]) => `${name}: ${value}`);
  const item = stepItem(status, STEP_WORDS[step], code === 'OK' ? words : [code, ...words]);
  if (code !== 'OK') item.insertBefore(both('div', sentence), item.lastChild); // The badge says it already.
  item.dataset['code'] = code;
  item.dataset['step'] = step;
  return item;
}

function stepItem(status: Shown, title: Wording, details: readonly string[]): HTMLElement {
  const item = element('li', '', status);
  item.append(both('strong', title), badge(status), element('code', details.join(' · ')));
  return item;
}

function badge(status: Shown, { zh, en }: Wording = STATUS_WORDS[status]): HTMLElement {
  return element('div', `${zh} ${en}`, 'badge');
}

function both(tag: string, { zh, en }: Wording): HTMLElement {
  const made = element(tag, `${zh} `);
  const english = element('span', en);
  english.lang = 'en';
  made.append(english);
  return made;
}

function element(tag: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}
