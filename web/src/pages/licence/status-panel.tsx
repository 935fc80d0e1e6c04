import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Skeleton } from 'antd';
import { type SyntheticEvent, useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { dayAt } from '../../../../domain/calendar.js';
import { type LicenseId } from '../../../../domain/license-id.js';
import { LICENSE_KIND_WORDING } from '../../../../domain/license-use-wording.js';
import { licenseWording } from '../../../../domain/license-wording.js';
import { type LicenseStatus, type LicenseType } from '../../../../gateway/openapi/types.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { Copyable } from '../../ui/copyable.js';
import { type Fact, Facts } from '../../ui/facts.js';
import { readDay } from '../../ui/read-day.js';
import { timeOf } from '../../ui/save.js';
import { usePlace } from '../../ui/use-organisation.js';
import { fill, useSay, useWords } from '../../words/words.js';
import { askStatus, askType, readLicenceId } from './licence-status.js';
import { WORDS } from './words.js';

/** The question stands in the address, so that an answer can be linked and loaded again. */
export function StatusPanel() {
  const w = useWords(WORDS);
  const [parameters, setParameters] = useSearchParams();
  const id = readLicenceId(parameters.get('id') ?? '');
  const asOf = readDay(parameters.get('asOf') ?? '') ?? '';
  const ask = (wanted: LicenseId, day: string): void => {
    setParameters({ id: wanted, ...(day === '' ? {} : { asOf: day }) });
  };
  return (
    <>
      <p>{w.intro}</p>
      <Question key={`${id ?? ''} ${asOf}`} id={parameters.get('id') ?? ''} asOf={asOf} onAsk={ask} />
      {id !== undefined && <Standing id={id} asOf={asOf} />}
    </>
  );
}

interface QuestionProperties {
  readonly id: string;
  readonly asOf: string;
  readonly onAsk: (id: LicenseId, asOf: string) => void;
}

function Question({ id, asOf, onAsk }: QuestionProperties) {
  const w = useWords(WORDS);
  const [text, setText] = useState(id);
  const [day, setDay] = useState(asOf);
  const [today] = useState(() => dayAt(Date.now()));
  const [strange, setStrange] = useState(id !== '' && readLicenceId(id) === undefined);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const wanted = readLicenceId(text);
    setStrange(wanted === undefined);
    if (wanted !== undefined) onAsk(wanted, day);
  };
  return (
    <form className="panel licence-question no-print" onSubmit={submit}>
      <label className="wide">
        {w.id}
        <Input
          className="mono"
          value={text}
          placeholder={w.idHint}
          autoComplete="off"
          spellCheck={false}
          status={strange ? 'error' : ''}
          aria-invalid={strange}
          {...(strange ? { 'aria-describedby': 'licence-id-help' } : {})}
          onChange={(event) => {
            setText(event.target.value);
            setStrange(false);
          }}
        />
      </label>
      {strange && (
        <p id="licence-id-help" className="field-error wide" role="alert">
          {w.idStrange}
        </p>
      )}
      <label>
        {w.asOf}
        <Input
          type="date"
          max={today}
          value={day}
          onChange={(event) => {
            setDay(event.target.value);
          }}
        />
      </label>
      <Button htmlType="submit" type="primary" disabled={text.trim() === ''}>
        {w.ask}
      </Button>
    </form>
  );
}

const TONES: Partial<Readonly<Record<LicenseStatus['verdict'], 'success' | 'error' | 'info'>>> = {
  VALID: 'success',
  ANNULLED: 'error',
  REVOKED: 'error',
  CANCELLED: 'error',
  EXPIRED: 'error',
  NOT_FOUND: 'info',
};

/** How one licence stands. @param asOf a day, or '' for now */
export function Standing({ id, asOf }: { readonly id: LicenseId; readonly asOf: string }) {
  const w = useWords(WORDS);
  const say = useSay();
  const status = useQuery({ queryKey: ['licence', id, asOf], queryFn: () => askStatus(id, asOf), gcTime: 0 });
  const { data, error, isPending, refetch } = status;
  return (
    <section className="panel" aria-labelledby="licence-answer" aria-live="polite" aria-busy={isPending}>
      <h2 id="licence-answer">{w.answer}</h2>
      {isPending && <Skeleton active title={false} paragraph={{ rows: 3 }} />}
      {error !== null && (
        <>
          <Alert
            className="block"
            type="warning"
            showIcon
            data-verdict="UNVERIFIABLE_NOW"
            title={say(licenseWording('UNVERIFIABLE_NOW'))}
          />
          <ProblemAlert error={error} retry={() => void refetch()} />
        </>
      )}
      {data !== undefined && (
        <>
          <Alert
            className="block licence-verdict"
            data-verdict={data.verdict}
            type={TONES[data.verdict] ?? 'warning'}
            showIcon
            title={say(data.wording)}
          />
          <AnswerFacts answer={data} asked={id} />
        </>
      )}
    </section>
  );
}

function AnswerFacts({ answer, asked }: { readonly answer: LicenseStatus; readonly asked: LicenseId }) {
  const w = useWords(WORDS);
  const own: Fact[] = [
    [w.id, <Copyable key="id" text={asked} what={w.id} />],
    [w.at, timeOf(answer.asOf)],
  ];
  const type = useQuery({ queryKey: ['licence-type', asked], queryFn: () => askType(asked), enabled: answer.found });
  const ofType = useTypeFacts(type.data);
  return <Facts facts={[...own, ...useStandingFacts(answer, asked), ...ofType]} />;
}

function useStandingFacts(answer: LicenseStatus, asked: LicenseId): readonly Fact[] {
  const w = useWords(WORDS);
  const say = useSay();
  if (!answer.found) return [];
  const { statusName, effectiveFrom, current, transferredTo } = answer;
  const back = answer.retroactive === true ? w.retroactive : '';
  const facts: Fact[] = [
    [w.status, statusName && say(statusName)],
    [w.since, effectiveFrom && `${timeOf(effectiveFrom)}${back}`],
    [w.valid, answer.validFrom && `${answer.validFrom} — ${answer.validTo ?? w.noEnd}`],
    [w.deemed, answer.deemedRenewedTo],
    [w.current, current && <Version key="current" id={current} asked={asked} />],
    [w.transferredTo, transferredTo && <Other key="to" id={transferredTo} />],
    [w.content, answer.contentWording && say(answer.contentWording)],
  ];
  return facts.filter(([, value]) => value !== undefined);
}

/** What the catalogue says about a type of licences, where it is known. */
export function useTypeFacts(type: LicenseType | undefined): readonly Fact[] {
  const w = useWords(WORDS);
  const say = useSay();
  const placeOf = usePlace();
  if (type === undefined) return [];
  const { scope, authorities } = type;
  const regions = scope.regions?.join(', ') ?? '';
  return [
    [w.kind, say(LICENSE_KIND_WORDING[type.kind])],
    [w.scope, scope.kind === 'national' ? w.national : fill(w.regional, { regions })],
    [w.authorities, authorities.map(placeOf).join(', ')],
  ];
}

function Version({ id, asked }: { readonly id: string; readonly asked: LicenseId }) {
  const w = useWords(WORDS);
  return id === asked ? w.isCurrent : <Other id={id} />;
}

/** A licence that this answer leads to: successor or transfer. */
function Other({ id }: { readonly id: string }) {
  const w = useWords(WORDS);
  return (
    <>
      <span className="mono">{id}</span>{' '}
      <Link to={`/licence?id=${encodeURIComponent(id)}`} aria-label={`${w.look} ${id}`}>
        {w.look}
      </Link>
    </>
  );
}
