/** What a connection from outside saw of a host: ports of TCP that took it, refused it, or gave no answer. */
export interface Probe {
  /** Id of the host's agent. */
  readonly host: string;
  readonly address: string;
  /** Name of the zone that it looked from. */
  readonly zone: string;
  /** What the operator calls the place that it looked from. */
  readonly vantage: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly connected: readonly number[];
  readonly refused: readonly number[];
  readonly silent: readonly number[];
}
