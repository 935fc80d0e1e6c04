import { Badge, Button } from 'antd';
import { useEffect, useState } from 'react';

import { type AuditEvent } from '../../../../gateway/openapi/types.js';
import { pathOf } from '../../api/client.js';
import { asProblem, Problem } from '../../api/problem.js';
import { ProblemAlert } from '../../api/problem-alert.js';
import { type Session, useSession } from '../../session/session.js';
import { useWords } from '../../words/words.js';
import { EventRow } from './event-row.js';
import { readEvents } from './event-stream.js';

const WORDS = {
  title: { zh: '实时', en: 'Live' },
  on: { zh: '已连接，新的行为会出现在这里', en: 'Connected: new acts appear here' },
  again: { zh: '连接中断，正在从中断处继续', en: 'The connection broke; going on from there' },
  off: { zh: '已暂停', en: 'Paused' },
  pause: { zh: '暂停', en: 'Pause' },
  resume: { zh: '继续', en: 'Go on' },
  none: { zh: '还没有新的行为', en: 'Nothing new yet' },
} as const;

/** Acts that stay on the page; older ones are found by searching. */
const ROWS_MAX = 200;
/** Waits before the feed is asked for again, milliseconds. */
const WAITS_MS = [500, 1_000, 2_000, 5_000];

type Link = 'on' | 'again' | 'off';

/** Acts as they are committed. After a break it goes on behind the last one that was shown, so that none is missed. */
export function LivePanel() {
  const w = useWords(WORDS);
  const { stream } = useSession();
  const [paused, setPaused] = useState(false);
  const feed = useFeed(stream, paused);
  return (
    <section className="panel" aria-label={w.title}>
      <h2>{w.title}</h2>
      <div className="desk-bar">
        <Badge
          status={feed.link === 'on' ? 'success' : feed.link === 'again' ? 'warning' : 'default'}
          text={w[feed.link]}
        />
        <Button
          size="small"
          onClick={() => {
            setPaused(!paused);
          }}
        >
          {paused ? w.resume : w.pause}
        </Button>
      </div>
      {feed.problem !== undefined && <ProblemAlert error={feed.problem} />}
      {feed.events.length === 0 && <p className="hint">{w.none}</p>}
      <ol className="desk-list" aria-live="polite" aria-relevant="additions">
        {feed.events.map((event) => (
          <EventRow key={`${event.blockNumber}.${event.txIndex}`} event={event} />
        ))}
      </ol>
    </section>
  );
}

interface Feed {
  readonly events: readonly AuditEvent[];
  readonly link: Link;
  readonly problem: Problem | undefined;
}

function useFeed(stream: Session['stream'], paused: boolean): Feed {
  const [events, setEvents] = useState<readonly AuditEvent[]>([]);
  const [link, setLink] = useState<Link>('again');
  const [problem, setProblem] = useState<Problem>();
  const [place] = useState<{ cursor?: string }>({});
  useEffect(() => {
    if (paused) return undefined;
    const control = new AbortController();
    const onEvent = (event: AuditEvent, id: string | undefined): void => {
      if (id !== undefined) place.cursor = id;
      setEvents((before) => [event, ...before].slice(0, ROWS_MAX));
    };
    const follow = { stream, place, signal: control.signal, onEvent, onLink: setLink };
    followFeed(follow).catch((error: unknown) => {
      if (!control.signal.aborted) setProblem(asProblem(error));
    });
    return () => {
      control.abort();
      setLink('off');
    };
  }, [paused, place, stream]);
  return { events, link, problem };
}

interface Follow {
  readonly stream: Session['stream'];
  /** Where to go on; the feed moves it. */
  readonly place: { cursor?: string };
  readonly signal: AbortSignal;
  readonly onEvent: (event: AuditEvent, id: string | undefined) => void;
  readonly onLink: (link: Link) => void;
}

/** Reads the feed until `signal`, opening it again whenever it breaks. @throws {Problem} what asking again cannot mend */
async function followFeed({ stream, place, signal, onEvent, onLink }: Follow): Promise<void> {
  const ended = (): boolean => signal.aborted;
  for (let failures = 0; !ended(); failures += 1) {
    try {
      const query = { cursor: place.cursor };
      const body = await stream({ path: pathOf('audit', 'live'), query, accept: 'text/event-stream', signal });
      onLink('on');
      failures = 0;
      await readEvents(body, ({ event, data, id }) => {
        if (event === 'act') onEvent(data as AuditEvent, id);
      });
    } catch (error) {
      if (ended()) return;
      if (error instanceof Problem && !error.passes) throw error;
    }
    if (ended()) return;
    onLink('again');
    await new Promise((resolve) => {
      setTimeout(resolve, WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]);
    });
  }
}
