import { Client, type ClientConfig, type QueryResultRow } from 'pg';

/** Queries that are on their way over a connection before another one is used as well. */
const DEPTH = 24;

interface Pipeline {
  readonly connected: Promise<Client>;
  /** Queries without an answer. */
  waiting: number;
}

/**
 * Connections for short queries that are asked again and again. Those of one turn of the event loop are sent together, one
 * behind the other: each has a transaction of its own, but a write to the socket, which wakes the database and takes
 * longer than a row by its key, is one for all. A query that takes long holds up those behind it, and belongs elsewhere.
 */
export class PipelinedReads {
  readonly #settings: ClientConfig;
  readonly #most: number;
  readonly #names = new Map<string, string>();
  readonly #pipelines = new Set<Pipeline>();
  /** Where the queries of this turn go. */
  #current: Pipeline | undefined;

  /** Nothing is connected to before the first query, and to `most` connections at once. */
  constructor(settings: ClientConfig, most: number) {
    this.#settings = settings;
    this.#most = most;
  }

  /** Of one of a few texts, all of which stay prepared. Rejects as a query over any other connection does. */
  async rows<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    const pipeline = this.#pipelineOfTurn();
    pipeline.waiting++;
    try {
      const client = await pipeline.connected;
      const { rows } = await client.query<Row>({ name: this.#nameOf(text), text, values });
      return rows;
    } finally {
      pipeline.waiting--;
    }
  }

  async end(): Promise<void> {
    const ended = [...this.#pipelines].map(({ connected }) => connected.then((client) => client.end()));
    await Promise.allSettled(ended);
  }

  #pipelineOfTurn(): Pipeline {
    if (this.#current) return this.#current;
    const pipeline = this.#choose();
    const turn = new Promise<void>((resolve) => setImmediate(resolve));
    turn.then(() => {
      this.#current = undefined;
    });
    pipeline.connected.then(
      async ({ connection: { stream } }) => {
        stream.cork();
        await turn;
        stream.uncork();
      },
      () => undefined,
    );
    this.#current = pipeline;
    return pipeline;
  }

  /** The fewer connections the more go together, up to a point. */
  #choose(): Pipeline {
    const all = [...this.#pipelines];
    const free = all.find(({ waiting }) => waiting < DEPTH);
    if (free) return free;
    const [least] = all.sort((one, other) => one.waiting - other.waiting);
    return least && all.length >= this.#most ? least : this.#connect();
  }

  #connect(): Pipeline {
    const client = new Client({ ...this.#settings, pipeline: true });
    const pipeline = { connected: client.connect().then(() => client), waiting: 0 };
    const forget = (): void => {
      this.#pipelines.delete(pipeline);
      if (this.#current === pipeline) this.#current = undefined;
    };
    // What is on its way fails with the connection; the next query makes another.
    client.on('error', forget);
    client.on('end', forget);
    pipeline.connected.catch(forget);
    this.#pipelines.add(pipeline);
    return pipeline;
  }

  #nameOf(text: string): string {
    const name = this.#names.get(text) ?? `read${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}
