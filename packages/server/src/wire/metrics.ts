import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

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

/** Counts and times API requests, beside the process's own figures. `now` is in milliseconds, and never steps. */
export function createMetrics(now: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'assay_' });
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
