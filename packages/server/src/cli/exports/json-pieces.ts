import { createHash, type Hash } from 'node:crypto';

/**
 * Elements of a JSON array, one a line, as text between what stands before and after them. Nothing comes out before the first
 * element is there, so that what fails at once leaves no half document.
 */
export async function* jsonPieces(
  before: string,
  elements: AsyncIterable<unknown>,
  after: () => string,
): AsyncGenerator<string, void> {
  let lead = `${before}[`;
  for await (const element of elements) {
    yield `${lead}\n${JSON.stringify(element)}`;
    lead = ',';
  }
  yield `${lead === ',' ? '\n' : lead}]${after()}\n`;
}

/** Members of an object after its first ones, with the comma before them. */
export const moreMembers = (members: Readonly<Record<string, unknown>>): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `,\n${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join('');

/** Takes in what a document says, so that its identifier is of its content: the same content has the same one. */
export function contentId(): { readonly add: (value: unknown) => void; readonly uuid: () => string } {
  const hash: Hash = createHash('sha256');
  return {
    add: (value) => hash.update(`${JSON.stringify(value)}\n`),
    /** RFC 9562, version 8. */
    uuid: () => {
      const bytes = hash.digest().subarray(0, 16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, 'urn:uuid:$1-$2-$3-$4-$5');
    },
  };
}
