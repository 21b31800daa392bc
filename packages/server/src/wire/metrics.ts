import { readdir } from 'node:fs/promises';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** Begins to time a request; the result ends it. */
  readonly start: () => (operation: string, outcome: string) => void;
  /** Counts a call that has no audit record of its own; see audit-trail.ts. */
  readonly auditLeftOut: () => void;
  /** Counts audit records that could not be written, nor kept until they could be. */
  readonly auditLost: () => void;
  /** Prometheus text, and its content type. */
  readonly render: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

/**
 * Default figures that are made by looking at every connection in the thread that serves: with 5,000 agents that takes
 * 20 ms and more at each look.
 */
const LOOKS_AT_ALL = ['active_handles', 'active_requests', 'active_resources'].flatMap((name) => [
  `assay_nodejs_${name}`,
  `assay_nodejs_${name}_total`,
]);
const OPEN_FILES = 'assay_process_open_fds';

/** Counts and times API requests, beside the process's own figures. `now` is in milliseconds, and never steps. */
export function createMetrics(now: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'assay_' });
  for (const name of LOOKS_AT_ALL) registry.removeSingleMetric(name);
  if (registry.getSingleMetric(OPEN_FILES)) {
    registry.removeSingleMetric(OPEN_FILES);
    new Gauge({
      name: OPEN_FILES,
      help: 'Number of open file descriptors.',
      registers: [registry],
      async collect() {
        this.set((await readdir('/proc/self/fd')).length);
      },
    });
  }
  const requests = new Counter({
    name: 'assay_api_requests_total',
    help: 'API requests by operation and outcome (OK or the error type)',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'assay_api_request_seconds',
    help: 'Time from the request read to the answer ready, by operation',
    labelNames: ['operation'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  const leftOut = new Counter({
    name: 'assay_audit_left_out_total',
    help: 'Throttled and unauthenticated calls that are only counted on the audit trail, by the next record like them',
    registers: [registry],
  });
  const lost = new Counter({
    name: 'assay_audit_lost_total',
    help: 'Audit records that could not be written',
    registers: [registry],
  });
  return {
    start: () => {
      const began = now();
      return (operation, outcome) => {
        requests.inc({ operation, outcome });
        durations.observe({ operation }, (now() - began) / 1000);
      };
    },
    auditLeftOut: () => leftOut.inc(),
    auditLost: () => lost.inc(),
    render: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}
