import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import forge from 'node-forge';
import { expect, onTestFinished, test } from 'vitest';
import { post } from '../../packages/server/src/delivery/post.ts';

const DAY = 86_400_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** A certificate that signs itself: PEM. */
function certificateFor(name: string, from = Date.now() - DAY, to = Date.now() + DAY): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = `00${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(from);
  certificate.validity.notAfter = new Date(to);
  const subject = [{ name: 'commonName', value: name }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** What comes of a POST to `receiver.test`, which has a certificate; and whether the receiver saw the POST. */
async function postTo(cert: string, trusted: readonly string[] = [cert]) {
  let seen = 0;
  const server: Server = createServer({ key: privateKey, cert }, (_, response) => {
    seen += 1;
    response.end();
  });
  server.on('tlsClientError', () => undefined);
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outcome = await post(
    {
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
      ca: trusted,
    },
    {
      ...{ url: `https://receiver.test:${port}/`, allowPrivate: true, signatureVersion: 1, token: 't' },
      secrets: { headers: { authorization: 'secret' } },
    },
    { headers: {}, body: 'text' },
    new AbortController().signal,
  );
  return { outcome, seen };
}

test('a certificate of the receiver’s name that is trusted is taken', async () => {
  expect(await postTo(certificateFor('receiver.test'))).toEqual({ outcome: { delivered: true }, seen: 1 });
});

test.each<readonly [name: string, cert: string, trusted: readonly string[] | undefined, error: RegExp]>([
  ['that nobody vouches for', certificateFor('receiver.test'), [], /self-signed certificate/],
  ['of another name', certificateFor('other.test'), undefined, /does not match certificate/],
  ['of the address in place of the name', certificateFor('127.0.0.1'), undefined, /does not match certificate/],
  ['that has ended', certificateFor('receiver.test', 0, Date.now() - DAY), undefined, /expired/],
  [
    'that has not begun',
    certificateFor('receiver.test', Date.now() + DAY, Date.now() + 2 * DAY),
    undefined,
    /not yet valid/,
  ],
])('one %s is not, and the receiver is sent nothing', async (_, cert, trusted, error) => {
  const { outcome, seen } = await postTo(cert, trusted);
  expect(outcome).toMatchObject({ delivered: false, status: 'INTERNAL_ERROR', error: expect.stringMatching(error) });
  expect(seen).toBe(0);
});
