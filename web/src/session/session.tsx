import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';

import { type AnyAnswer } from '../../../gateway/openapi/operation.js';
import { type Call, callBlob, callJson, callStream } from '../api/client.js';
import { Problem } from '../api/problem.js';
import { keepSession, type OfficeSession, readSession, type Signed, type Who } from './who.js';

/** What pages for staff work with. */
export interface Session {
  /** `undefined` where nobody is signed in. */
  readonly who: Who | undefined;
  /** Whether the sign-in dialog is to be shown, and whether because the session ran out. */
  readonly asking: 'no' | 'sign-in' | 'expired';
  /** Shows the dialog. @returns whether somebody signed in */
  readonly signIn: () => Promise<boolean>;
  readonly signOut: () => void;
  /** What still goes on at the office's provider after somebody signed out here, until that was told and done. */
  readonly left: OfficeSession | undefined;
  readonly forgetLeft: () => void;
  /** For the dialog: who signed in, or `undefined` where it was closed. */
  readonly answer: (signed: Signed | undefined) => void;
  /**
   * Sends a request as whoever is signed in. Where the session ran out it asks to sign in again, over the page as it
   * stands, and then sends the same request under the same key: nothing is lost and nothing done twice.
   * @throws {Problem} also UNAUTHENTICATED, where the dialog was closed or another user signed in
   */
  readonly json: <Answer extends AnyAnswer>(call: Call) => Promise<Answer>;
  /** As {@link json}, for files. */
  readonly blob: (call: Call) => Promise<Blob>;
  /** As {@link json}, for answers that go on until `signal` ends them. */
  readonly stream: (call: Call) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

const Context = createContext<Session | undefined>(undefined);

/** The session of this tab. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error('no session around this part of the page');
  return session;
}

/** Keeps who is signed in and asks again when that ran out. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [signed, setSigned] = useState(() => readSession(Date.now()));
  const [left, setLeft] = useState<OfficeSession>();
  const [asking, setAsking] = useState<Session['asking']>('no');
  // What requests under way see at once, before the page is drawn again.
  const current = useRef(signed);
  const waiting = useRef<((signed: Signed | undefined) => void)[]>([]);

  const set = useCallback((next: Signed | undefined): void => {
    current.current = next;
    keepSession(next);
    setSigned(next);
  }, []);
  const answer = useCallback(
    (next: Signed | undefined): void => {
      if (next !== undefined) set(next);
      setAsking('no');
      for (const tell of waiting.current.splice(0)) tell(next);
    },
    [set],
  );
  const ask = useCallback((why: 'sign-in' | 'expired'): Promise<Signed | undefined> => {
    setAsking(why);
    setLeft(undefined);
    return new Promise((resolve) => {
      waiting.current.push(resolve);
    });
  }, []);

  const session = useMemo((): Session => {
    const send = async <Answer,>(call: Call, how: (call: Call) => Promise<Answer>): Promise<Answer> => {
      const before = current.current ?? (await ask('sign-in'));
      if (before === undefined) throw new Problem('UNAUTHENTICATED');
      try {
        return await how(withToken(call, before));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'UNAUTHENTICATED') throw error;
        const again = newer(current.current, before) ?? (await ask('expired'));
        // Somebody else's key would make another record of it.
        if (again?.who.user !== before.who.user) throw error;
        return how(withToken(call, again));
      }
    };
    return {
      who: signed?.who,
      asking,
      signIn: async () => (await ask('sign-in')) !== undefined,
      signOut: () => {
        setLeft(current.current?.office);
        set(undefined);
      },
      left,
      forgetLeft: () => {
        setLeft(undefined);
      },
      answer,
      json: (call) => send(call, callJson) as Promise<never>,
      blob: (call) => send(call, callBlob),
      stream: (call) => send(call, callStream),
    };
  }, [signed, asking, left, ask, answer, set]);
  return <Context value={session}>{children}</Context>;
}

function withToken(call: Call, { token }: Signed): Call {
  return { ...call, authorization: `Bearer ${token}` };
}

/** The session that another request got meanwhile. */
function newer(now: Signed | undefined, before: Signed): Signed | undefined {
  return now !== undefined && now.token !== before.token ? now : undefined;
}
