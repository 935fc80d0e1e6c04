/** One thing wrong with a topology: where, such as `organisations.0.domain` (empty: the whole text), and what was wanted. */
export interface TopologyProblem {
  readonly path: string;
  readonly wanted: string;
}

const problemsShownMax = 10;

/** A topology that describes no network. `TOPOLOGY_INVALID` is its only code. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
  readonly code = 'TOPOLOGY_INVALID';
  readonly problems: readonly TopologyProblem[];

  constructor(problems: readonly TopologyProblem[], options?: ErrorOptions) {
    const shown = problems.slice(0, problemsShownMax).map(({ path, wanted }) => (path ? `${path}: ${wanted}` : wanted));
    const rest = problems.length > problemsShownMax ? [`and ${problems.length - problemsShownMax} more`] : [];
    super(`TOPOLOGY_INVALID: ${[...shown, ...rest].join('; ')}`, options);
    this.problems = problems;
  }
}
