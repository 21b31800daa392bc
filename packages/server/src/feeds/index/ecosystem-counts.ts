/** An ecosystem's number in an index, and how many records are of it. */
export interface EcosystemCounts {
  readonly id: number;
  readonly cveRecords: number;
  readonly advisories: number;
}
