import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { SecretBox } from '../../store/database/secret-box.ts';
import type { Store } from '../../store/store.ts';

/** What SNS messages are signed by: made once for a store, and the same for every server of it. */
export interface SnsIdentity {
  /** PEM. */
  readonly privateKey: string;
  readonly certificate: { readonly name: string; readonly pem: string };
}

const PURPOSE = 'sns signing key';
const YEARS = 10;

/** Opens the store's identity when it is first asked for. */
export function snsIdentity(
  settings: Pick<Store['settings'], 'find' | 'settle'>,
  secrets: SecretBox,
  now: () => number,
): () => Promise<SnsIdentity> {
  let opened: Promise<SnsIdentity> | undefined;
  const open = async (): Promise<SnsIdentity> => {
    const kept = (await settings.find(PURPOSE)) ?? (await settings.settle(PURPOSE, await make(secrets, now())));
    const { privateKey, pem } = JSON.parse(secrets.open(Buffer.from(kept, 'base64'), PURPOSE)) as Made;
    const digest = createHash('sha256').update(pem).digest('hex').slice(0, 32);
    return { privateKey, certificate: { name: `SimpleNotificationService-${digest}.pem`, pem } };
  };
  return async () => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
}

interface Made {
  readonly privateKey: string;
  readonly pem: string;
}

async function make(secrets: SecretBox, now: number): Promise<string> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const { default: forge } = await import('node-forge');
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // Positive, as RFC 5280 asks for.
  certificate.serialNumber = `00${randomBytes(16).toString('hex')}`;
  certificate.validity.notBefore = new Date(now);
  certificate.validity.notAfter = new Date(now);
  certificate.validity.notAfter.setUTCFullYear(certificate.validity.notBefore.getUTCFullYear() + YEARS);
  const name = [{ name: 'commonName', value: 'Assay event signing' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  const made: Made = { privateKey, pem: forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n') };
  return Buffer.from(secrets.seal(JSON.stringify(made), PURPOSE)).toString('base64');
}
