import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { type LedgerMeter } from './ledger/meter.js';

/** Numbers that are read when somebody asks for the metrics. */
export interface Readings {
  readonly inFlight: () => number;
  readonly lagBlocks: () => number;
  readonly openJobs: () => number;
  readonly certificateDaysLeft: () => number;
}

/** Prometheus metrics of one gateway. Labels come from closed sets, never from a request. */
export interface Metrics {
  readonly registry: Registry;
  readonly meter: LedgerMeter;
  /** @param route the pattern, such as `/v1/evidence/:id`. */
  readonly answered: (method: string, route: string, status: number, seconds: number) => void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** @param gateway its name, a label on every metric, since several gateways may share a process. */
export function createMetrics(gateway: string, readings: Readings): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ gateway });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'yinzheng_http_request_seconds',
    help: 'Time from request to answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const stages = new Histogram({
    name: 'yinzheng_ledger_stage_seconds',
    help: 'Time that one stage of a ledger call took.',
    labelNames: ['stage', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const retries = new Counter({
    name: 'yinzheng_ledger_retries_total',
    help: 'Attempts after the first, by reason.',
    labelNames: ['reason'],
    registers,
  });
  readGauges(readings, registers);
  return {
    registry,
    meter: {
      async time(stage, run) {
        const stop = stages.startTimer({ stage });
        try {
          const value = await run();
          stop({ outcome: 'ok' });
          return value;
        } catch (error) {
          stop({ outcome: 'failed' });
          throw error;
        }
      },
      retried: (reason) => {
        retries.inc({ reason });
      },
    },
    answered: (method, route, status, seconds) => {
      requests.observe({ method, route, status }, seconds);
    },
  };
}

function readGauges({ inFlight, lagBlocks, openJobs, certificateDaysLeft }: Readings, registers: Registry[]): void {
  gauge('yinzheng_ledger_in_flight', 'Writes under way.', inFlight, registers);
  gauge('yinzheng_index_lag_blocks', 'Blocks by which the audit index is behind its peer.', lagBlocks, registers);
  gauge('yinzheng_outbox_open', 'Writes that were accepted and did not end yet.', openJobs, registers);
  gauge('yinzheng_certificate_days_left', 'Days until the service certificate ends.', certificateDaysLeft, registers);
}

function gauge(name: string, help: string, read: () => number, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
