/** What a part of a report is made of, however it is set: HTML and PDF say the same. */
export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: 'lead' | 'soft' }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly Fact[] }
  | { readonly kind: 'table'; readonly columns: readonly BlockColumn[]; readonly rows: readonly (readonly string[])[] };

/** A label and its value. */
export type Fact = readonly [string, string];

export interface BlockColumn {
  readonly title: string;
  /** Its part of the width, against the other columns'. */
  readonly share: number;
  /** Digests and the like, letter by letter. */
  readonly mono?: true;
}

/** A part with a heading of its own. */
export interface Part {
  /** Fit for an HTML id. */
  readonly name: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}
