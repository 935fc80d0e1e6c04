import { useRef, useState } from 'react';

import { asProblem, type Problem } from './problem.js';

/** Something a person does once: a button's action, with its state. */
export interface Act<Given> {
  /** Does it; while it is under way, doing it again does nothing. @returns whether it was done */
  readonly run: (given: Given) => Promise<boolean>;
  readonly running: boolean;
  /** Why it was not done. */
  readonly problem: Problem | undefined;
  /** Forgets the problem. */
  readonly clear: () => void;
}

/** An action that a double click does once. What is no problem of the gateway's is a bug, and thrown while drawing. */
export function useAct<Given = void>(action: (given: Given) => Promise<void>): Act<Given> {
  const [state, setState] = useState<{ running: boolean; problem?: Problem; bug?: unknown }>({ running: false });
  const busy = useRef(false);
  if (state.bug !== undefined) throw state.bug as Error;
  const run = async (given: Given): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setState({ running: true });
    try {
      await action(given);
      setState({ running: false });
      return true;
    } catch (error) {
      setState(failed(error));
      return false;
    } finally {
      busy.current = false;
    }
  };
  const clear = (): void => {
    setState({ running: false });
  };
  return { run, running: state.running, problem: state.problem, clear };
}

function failed(error: unknown): { running: false; problem?: Problem; bug?: unknown } {
  try {
    return { running: false, problem: asProblem(error) };
  } catch (bug) {
    return { running: false, bug };
  }
}
