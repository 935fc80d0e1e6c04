import { operationWording, statusWording } from '../../../../domain/license-operation-wording.js';
import { type LicenseAct } from '../../../../gateway/openapi/types.js';
import { Copyable } from '../../ui/copyable.js';
import { timeOf } from '../../ui/save.js';
import { fill, useSay, useWords } from '../../words/words.js';

const WORDS = {
  title: { zh: '办理经过', en: 'History' },
  from: { zh: '{from} → {to}', en: '{from} → {to}' },
  effective: { zh: '自 {time} 起', en: 'from {time} on' },
  back: { zh: '追溯至颁发之日', en: 'from its issue on' },
  version: { zh: '版本 {id}', en: 'version {id}' },
  by: { zh: '经办 {name} · {unit}（{org}）', en: 'by {name} · {unit} ({org})' },
  tx: { zh: '交易', en: 'transaction' },
  document: { zh: '文书的加盐摘要', en: "the decision's salted digest" },
} as const;

/** Every act on a licence, the latest first. */
export function HistoryPanel({ acts }: { readonly acts: readonly LicenseAct[] }) {
  const w = useWords(WORDS);
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <ol className="desk-list">
        {acts.toReversed().map((act) => (
          <Act key={act.id} act={act} />
        ))}
      </ol>
    </section>
  );
}

function Act({ act }: { readonly act: LicenseAct }) {
  const w = useWords(WORDS);
  const say = useSay();
  const { request, from, to, actor, effectiveFrom, retroactive, supersedes, licenseId, txId } = act;
  const moved = fill(w.from, { from: say(statusWording(from)), to: say(statusWording(to)) });
  return (
    <li data-operation={request.operation}>
      <div className="desk-line">
        <strong>{say(operationWording(request.operation, request.ending))}</strong>
        <span>{moved}</span>
        <span className="hint">{retroactive ? w.back : fill(w.effective, { time: timeOf(effectiveFrom) })}</span>
      </div>
      <div className="desk-line hint">
        <span>{timeOf(act.txTime)}</span>
        <span>{fill(w.by, { name: actor.name, unit: actor.unit, org: actor.mspId })}</span>
        {supersedes !== undefined && <span className="mono">{fill(w.version, { id: licenseId })}</span>}
      </div>
      <div className="desk-line hint">
        <span>
          {w.tx} <Copyable text={txId} what={w.tx} />
        </span>
        {request.documentDigest !== undefined && (
          <span>
            {w.document} <span className="mono">{request.documentDigest}</span>
          </span>
        )}
      </div>
    </li>
  );
}
