import { type Kysely, sql } from 'kysely';
import { packTerms } from './formats/finding-terms.ts';

/** Rows that are in memory at once. */
const FINDINGS = 1000;
/** The list of findings. */
const LIST = 1;
const KEY = 'package_name';

/** A finding of several packages, named in one text, is found by each of them. */
export const packageTerms = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    let [scope, id] = [0, ''];
    for (;;) {
      const { rows } = await sql<Row>`select scope, id, created_at as "createdAt", attributes, terms from findings
        where (scope, id) > (${scope}, ${id}) and attributes like ${`%"${KEY}","%, %`}
        order by scope, id limit ${FINDINGS}`.execute(db);
      for (const row of rows) {
        const terms = withPackages(row);
        if (terms.length > row.terms.length) {
          await sql`update findings set terms = ${terms} where scope = ${row.scope} and id = ${row.id}`.execute(db);
          await sql`insert into list_changes (list, scope, created_at, id)
            values (${sql.lit(LIST)}, ${row.scope}, ${row.createdAt}, ${row.id}) on conflict do nothing`.execute(db);
        }
        [scope, id] = [row.scope, row.id];
      }
      if (rows.length < FINDINGS) return;
    }
  },
};

interface Row {
  readonly scope: number;
  readonly id: string;
  readonly createdAt: number;
  /** JSON of one list, each key with its value after it. */
  readonly attributes: string;
  readonly terms: Uint8Array;
}

/** Its terms, and after them those of its packages that are not among them. */
function withPackages({ attributes, terms }: Row): Uint8Array {
  const list = JSON.parse(attributes) as readonly (string | null)[];
  const named = list.flatMap((value, at) => (at % 2 === 1 && list[at - 1] === KEY ? (value ?? '').split(', ') : []));
  const pairs = named.filter((name) => !/^and \d+ more$/.test(name)).map((value) => ({ key: KEY, value }));
  const had = numbersOf(terms);
  const added = numbersOf(packTerms({ attributes: pairs, userAttributes: [] })).filter((term) => !had.includes(term));
  return new Uint8Array(Uint32Array.from([...had, ...added]).buffer);
}

const numbersOf = (bytes: Uint8Array): number[] => [...new Uint32Array(Uint8Array.from(bytes).buffer)];
