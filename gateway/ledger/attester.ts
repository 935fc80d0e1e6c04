import { setTimeout as sleep } from 'node:timers/promises';

import { DomainError } from '../../domain/errors.js';
import { type AttestCall, type Attestation, type Attester, readAttestation } from './attestation.js';
import { type Connection } from './connection.js';
import { type LedgerMeter } from './meter.js';
import { isDisagreement, isOutage, RETRY_AFTER_S, toRefusal } from './refusals.js';

/** How long organisations are asked before the answer is that too few agree, milliseconds. */
const DEADLINE_MS = 5_000;
const PAUSE_MS = { first: 10, most: 500 } as const;

/** What has organisations sign. */
export interface FabricAttesterOptions {
  readonly connection: Connection;
  readonly ledgerChannel: string;
  readonly chaincode: string;
  /** The gateway's own organisation: its peer answers first, so it is always among the signers. */
  readonly home: string;
  /** MSP ids of all members of the channel, as its configuration lists them. */
  readonly members: () => readonly string[];
  /** How many organisations sign; all of them where there are fewer. */
  readonly organisations: number;
  readonly meter: LedgerMeter;
  /** Whether verifiers will accept who signed; another set is asked where they will not. */
  readonly accepts: (attestation: Attestation) => Promise<boolean>;
}

/** Asks through Fabric's gateway service, naming the organisations: it works for reads as for writes. */
export class FabricAttester implements Attester {
  readonly #options: FabricAttesterOptions;

  constructor(options: FabricAttesterOptions) {
    this.#options = options;
  }

  /**
   * Another set of organisations is tried where one of a set is away or behind; behind all, after a pause that grows.
   * A peer that is a block behind reads older versions, so that its answer differs and soon does not.
   */
  async attest(call: AttestCall): Promise<Attestation> {
    const { home, members, organisations, meter, accepts } = this.#options;
    const sets = signerSets(home, members(), organisations);
    const endMs = Date.now() + DEADLINE_MS;
    for (let round = 0; ; round += 1) {
      for (const set of sets) {
        const made = await this.#tryOnce(call, set);
        if (!(made instanceof Error) && (await accepts(made))) return made;
        if (Date.now() >= endMs) {
          throw new DomainError(
            'UNVERIFIABLE_NOW',
            { wanted: `${set.length} organisations that agree`, retryAfter: RETRY_AFTER_S },
            { cause: made instanceof Error ? made : undefined },
          );
        }
        meter.retried(reasonOf(made));
      }
      await sleep(Math.min(PAUSE_MS.most, PAUSE_MS.first * 2 ** Math.min(round, 10)));
    }
  }

  /** @returns the failure where another attempt may do better. @throws the refusal where none would */
  async #tryOnce(call: AttestCall, signers: readonly string[]): Promise<Attestation | Error> {
    const { connection, ledgerChannel, chaincode, meter } = this.#options;
    const contract = connection
      .gatewayOf(call.user)
      .getNetwork(ledgerChannel)
      .getContract(call.chaincode ?? chaincode);
    const proposal = contract.newProposal(call.transaction, {
      arguments: [...call.args],
      endorsingOrganizations: [...signers],
    });
    try {
      const transaction = await meter.time('attest', () => proposal.endorse());
      return readAttestation(transaction.getBytes());
    } catch (error) {
      const refusal = toRefusal(error);
      const lost = isDisagreement(error) || isOutage(error);
      if (lost && error instanceof Error && !isContractRefusal(refusal)) return error;
      throw refusal;
    }
  }
}

function reasonOf(made: Attestation | Error): string {
  if (!(made instanceof Error)) return 'ATTESTER_NOT_ACCEPTED';
  return isDisagreement(made) ? 'ATTESTERS_DISAGREE' : 'ATTESTER_AWAY';
}

function isContractRefusal(error: unknown): boolean {
  return error instanceof DomainError && !['UNVERIFIABLE_NOW', 'LEDGER_REFUSED'].includes(error.code);
}

/**
 * Pure. The sets of `count` signers with the home organisation in each, in a fixed order. Sets bound themselves: with
 * {@link MEMBERS_TRIED_MAX} others considered there are few of them.
 */
export function signerSets(home: string, members: readonly string[], count: number): readonly (readonly string[])[] {
  const others = members.filter((member) => member !== home).slice(0, MEMBERS_TRIED_MAX);
  return choose(others, Math.min(count - 1, others.length)).map((chosen) => [home, ...chosen]);
}

/** Other organisations that are considered at most: 6 of them make 20 sets of four. */
export const MEMBERS_TRIED_MAX = 6;

function choose(from: readonly string[], count: number): readonly string[][] {
  if (count <= 0) return [[]];
  return from.flatMap((first, index) => choose(from.slice(index + 1), count - 1).map((rest) => [first, ...rest]));
}
