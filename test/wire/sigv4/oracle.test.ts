/** AWS's own signer as the oracle: what it signs is accepted, and nothing that differs from it in one bit. */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAuthorization } from '../../../packages/server/src/wire/sigv4/authorization.ts';
import { isFault, type SignatureFault, unknownAccessKey } from '../../../packages/server/src/wire/sigv4/fault.ts';
import type { Verified } from '../../../packages/server/src/wire/sigv4/verify.ts';
import { propertyRuns } from '../../support/effort.ts';
import { authenticate, type Received, rawHeaders, withHeader } from './signed-request.ts';

type Bytes = string | ArrayBuffer | ArrayBufferView;

class Sha256 {
  readonly #chunks: Buffer[] = [];
  readonly #key: Buffer | undefined;
  constructor(key?: Bytes) {
    this.#key = key === undefined ? undefined : bytes(key);
  }
  update(chunk: Bytes): void {
    this.#chunks.push(bytes(chunk));
  }
  async digest(): Promise<Uint8Array> {
    const sink = this.#key === undefined ? createHash('sha256') : createHmac('sha256', this.#key);
    return new Uint8Array(sink.update(Buffer.concat(this.#chunks)).digest());
  }
  reset(): void {
    this.#chunks.length = 0;
  }
}

const bytes = (data: Bytes): Buffer => {
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(data);
};

interface Signed {
  readonly request: Received;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly time: number;
}

// ASCII: the oracle signs other characters as UTF-8 but HTTP clients send them as single bytes.
const headerValue = fc.stringMatching(/^[\t -~]{0,24}$/);
const arbitraryRequest = fc.record({
  body: fc.oneof(fc.string({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 })),
  region: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/),
  secretAccessKey: fc.stringMatching(/^[!-~]{1,40}$/),
  sessionToken: fc.option(fc.stringMatching(/^[!-~]{1,60}$/), { nil: undefined }),
  time: fc.integer({ min: Date.UTC(2001, 0), max: Date.UTC(2090, 0) }),
  contentHash: fc.boolean(),
  more: fc.dictionary(fc.stringMatching(/^(?:x-amz-m|amz-sdk-|x-)[a-z0-9]{1,8}$/), headerValue, { maxKeys: 4 }),
});

type Drawn = typeof arbitraryRequest extends fc.Arbitrary<infer T> ? T : never;

async function sign({ body, time, contentHash, more, ...drawn }: Drawn): Promise<Signed> {
  const { accessKeyId, secretAccessKey, sessionToken, region } = drawn;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region,
    service: 'inspector',
    sha256: Sha256,
    applyChecksum: contentHash,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: 'assay.example',
      path: '/',
      query: {},
      headers: {
        ...more,
        host: 'assay.example:8020',
        'content-type': 'application/x-amz-json-1.1',
        'user-agent': 'oracle',
        'x-amz-target': 'InspectorService.ListAssessmentRuns',
      },
      body,
    },
    { signingDate: new Date(time) },
  );
  const request = { method: 'POST', url: '/', headers: rawHeaders(signed.headers), body: bytes(body) };
  return { ...drawn, request, time };
}

// The access key id is not part of what SigV4 signs: it chooses the secret, so another id is another (unknown) key.
function judge(signed: Signed, request: Received): Verified | SignatureFault {
  const credential = parseAuthorization(request.headers);
  if (!isFault(credential) && credential.accessKeyId !== signed.accessKeyId) {
    return unknownAccessKey(credential.accessKeyId);
  }
  const { secretAccessKey, sessionToken } = signed;
  return authenticate(request, { secret: { secretAccessKey, sessionToken }, now: signed.time });
}

test('whatever the oracle signs is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, async (drawn) => {
      const signed = await sign(drawn);
      expect(judge(signed, signed.request)).toEqual({ accessKeyId: signed.accessKeyId, region: signed.region });
    }),
    { numRuns: propertyRuns(200) },
  );
});

test('a header in UTF-8 is accepted as its bytes arrive', async () => {
  const [drawn] = fc.sample(arbitraryRequest, { numRuns: 1, seed: 7 });
  if (drawn === undefined) throw new Error('no sample');
  const signed = await sign({ ...drawn, more: { 'x-name': 'Zoë, 東京' } });
  const arrived = withHeader(signed.request, 'x-name', (value) => Buffer.from(value, 'utf8').toString('latin1'));
  expect(judge(signed, arrived)).toEqual({ accessKeyId: signed.accessKeyId, region: signed.region });
});

test('a key without a secret lets nobody in, though anybody can sign with an empty one', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, async (drawn) => {
      const signed = await sign({ ...drawn, secretAccessKey: '' });
      expect(judge(signed, signed.request)).toMatchObject({ type: 'UnrecognizedClientException' });
    }),
  );
});

test('one bit changed in the body is refused', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, fc.nat(), fc.integer({ min: 0, max: 7 }), async (drawn, position, bit) => {
      const signed = await sign(drawn);
      fc.pre(signed.request.body.length > 0);
      const body = Buffer.from(signed.request.body);
      const index = position % body.length;
      body[index] = (body[index] ?? 0) ^ (1 << bit);
      expect(judge(signed, { ...signed.request, body })).toMatchObject({ type: 'InvalidSignatureException' });
    }),
  );
});

test('one bit changed in any signed header, the signature, the date or the scope is refused', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, fc.nat(), fc.nat(), fc.nat({ max: 7 }), async (drawn, which, position, bit) => {
      const signed = await sign(drawn);
      const names = Object.keys(Object.fromEntries(pairs(signed.request.headers))).filter((n) => n !== 'user-agent');
      const name = names[which % names.length] ?? '';
      const changed = withHeader(signed.request, name, (value) => flip(value, position, bit));
      const before = pairs(signed.request.headers).map(canonical);
      // A tab that becomes part of a run of blanks is the same header to AWS: not a change.
      fc.pre(JSON.stringify(pairs(changed.headers).map(canonical)) !== JSON.stringify(before));
      const result = judge(signed, changed);
      expect(result).toHaveProperty('type');
    }),
    { numRuns: propertyRuns(1000) },
  );
});

test('every single bit of one Authorization header and of one date counts', async () => {
  const [drawn] = fc.sample(arbitraryRequest, { numRuns: 1, seed: 7 });
  if (drawn === undefined) throw new Error('no sample');
  const signed = await sign(drawn);
  expect(judge(signed, signed.request)).not.toHaveProperty('type');
  for (const name of ['authorization', 'x-amz-date', 'x-amz-target', 'host']) {
    const value = pairs(signed.request.headers).find(([key]) => key === name)?.[1] ?? '';
    expect(value).not.toBe('');
    for (let position = 0; position < value.length; position++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = withHeader(signed.request, name, () => flip(value, position, bit));
        expect(judge(signed, changed), `${name} ${position}/${bit}`).toHaveProperty('type');
      }
    }
  }
});

const pairs = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);

const canonical = ([name, value]: [string, string]): string =>
  `${name}:${value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')}`;

function flip(value: string, position: number, bit: number): string {
  const index = value.length === 0 ? 0 : position % value.length;
  return (
    value.slice(0, index) + String.fromCharCode((value.charCodeAt(index) || 0) ^ (1 << bit)) + value.slice(index + 1)
  );
}
