import { Client, type ClientConfig, type QueryResultRow } from 'pg';

/**
 * A connection for short queries that are asked again and again. Those of one turn of the event loop are sent together, one
 * behind the other: each has a transaction of its own, but a write to the socket, which wakes the database and takes
 * longer than a row by its key, is one for all. A query that takes long holds up those behind it, and belongs elsewhere.
 */
export class PipelinedReads {
  readonly #settings: ClientConfig;
  readonly #names = new Map<string, string>();
  #client: Promise<Client> | undefined;
  #isGathering = false;

  /** Nothing is connected to before the first query. */
  constructor(settings: ClientConfig) {
    this.#settings = settings;
  }

  /** Of one of a few texts, all of which stay prepared. Rejects as a query over any other connection does. */
  async rows<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    this.#client ??= this.#connect();
    const client = await this.#client;
    this.#gather(client);
    const { rows } = await client.query<Row>({ name: this.#nameOf(text), text, values });
    return rows;
  }

  async end(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  #connect(): Promise<Client> {
    const client = new Client({ ...this.#settings, pipeline: true });
    const connected = client.connect().then(() => client);
    const forget = (): void => {
      if (this.#client === connected) this.#client = undefined;
    };
    // What is on its way fails with the connection; the next query makes another.
    client.on('error', forget);
    client.on('end', forget);
    connected.catch(forget);
    return connected;
  }

  #gather({ connection: { stream } }: Client): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    stream.cork();
    setImmediate(() => {
      this.#isGathering = false;
      stream.uncork();
    });
  }

  #nameOf(text: string): string {
    const name = this.#names.get(text) ?? `read${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}
