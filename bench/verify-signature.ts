/**
 * Whether a signature is true: what the server does, and AWS's own signer making the signature again, which is all that
 * there is of AWS's to verify with. Headers as boto3 sends them, a body of 320 bytes.
 */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { parseAuthorization, type RawHeaders } from '../packages/server/src/wire/sigv4/authorization.ts';
import { isFault } from '../packages/server/src/wire/sigv4/fault.ts';
import { signRequest } from '../packages/server/src/wire/sigv4/sign.ts';
import { createSigningKeyCache } from '../packages/server/src/wire/sigv4/signing-key.ts';
import { verifySignature } from '../packages/server/src/wire/sigv4/verify.ts';
import { percentile, type Report, type Row } from './report.ts';
import { benchKey } from './server-process.ts';

const ROUNDS = 60;
/** In turn with the others; short, so that the best round of each had a processor to itself. */
const SIGNATURES = 300;
const REGION = 'us-east-1';
const HOST = 'localhost:8020';
const BODY = JSON.stringify({ filter: { namePattern: '*' }, note: 'x'.repeat(273) });
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** Node's own hash behind the interface that AWS's signer wants. */
class Sha256 {
  readonly #hash;
  constructor(key?: Bytes) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as string);
  }
  update(chunk: Bytes): void {
    this.#hash.update(chunk as string);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

export async function verifySignatureBench(): Promise<Report> {
  const signed = signRequest({
    ...benchKey,
    region: REGION,
    service: 'inspector',
    url: `http://${HOST}/`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'InspectorService.ListAssessmentRuns',
    },
    body: BODY,
    now: AT,
  });
  const headers = {
    ...signed,
    'user-agent': 'Boto3/1.34.0',
    'amz-sdk-request': 'attempt=1',
    'accept-encoding': 'identity',
  };
  const raw = Object.entries(headers).flat();
  const kept = createSigningKeyCache();
  const [floor, ...rows] = await inTurn([
    ["@smithy/signature-v4 with Node's hashes, signing again", () => smithy(headers)],
    ['headers read and signature verified, key kept', async () => verify(raw, kept)],
    ['headers read and signature verified, key derived', async () => verify(raw, createSigningKeyCache())],
  ]);
  return {
    bench: `verify-signature: ${ROUNDS} rounds of ${SIGNATURES}`,
    columns: ['best µs', 'median µs'],
    floor: floor ?? { label: 'nothing', values: [] },
    rows,
    ratio: "times the peer's time",
  };
}

type Contender = readonly [label: string, work: () => Promise<void>];

async function inTurn(contenders: readonly Contender[]): Promise<Row[]> {
  const times = new Map<string, number[]>(contenders.map(([label]) => [label, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [label, work] of contenders) {
      const began = performance.now();
      for (let index = 0; index < SIGNATURES; index++) await work();
      // The first round only warms up.
      if (round > 0) times.get(label)?.push(((performance.now() - began) * 1000) / SIGNATURES);
    }
  }
  return [...times].map(([label, each]) => ({ label, values: [Math.min(...each), percentile(each, 0.5)] }));
}

function verify(raw: RawHeaders, signingKeys: ReturnType<typeof createSigningKeyCache>): void {
  const credential = parseAuthorization(raw);
  if (isFault(credential)) throw new Error(credential.message);
  const secret = { secretAccessKey: benchKey.secretAccessKey };
  const body = Buffer.from(BODY);
  const verified = verifySignature({ method: 'POST', url: '/', body, credential, secret, now: AT, signingKeys });
  if (isFault(verified)) throw new Error(verified.message);
}

const signer = new SignatureV4({
  credentials: benchKey,
  region: REGION,
  service: 'inspector',
  sha256: Sha256,
  applyChecksum: false,
});

async function smithy(given: Readonly<Record<string, string>>): Promise<void> {
  const { authorization = '', ...all } = given;
  const names = new Set(/SignedHeaders=([^,]*)/.exec(authorization)?.[1]?.split(';'));
  const headers = Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: 'localhost',
    port: 8020,
    path: '/',
    query: {},
    headers,
    body: BODY,
  };
  const signed = await signer.sign(request, { signingDate: new Date(AT), signableHeaders: names });
  if (signed.headers.authorization?.split('Signature=')[1] !== authorization.split('Signature=')[1]) {
    throw new Error(`AWS's signer signed otherwise: ${signed.headers.authorization}`);
  }
}
