import { createSign } from 'node:crypto';

/**
 * Messages as Amazon SNS sends them over HTTP. Source: the SNS developer guide, "Parsing message formats" and "Verifying
 * the signatures of Amazon SNS messages".
 */
export type SnsMessage = SnsNotification | SnsConfirmation;

interface Common {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
}

export interface SnsNotification extends Common {
  readonly Type: 'Notification';
  readonly UnsubscribeURL: string;
}

export interface SnsConfirmation extends Common {
  readonly Type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly Token: string;
  readonly SubscribeURL: string;
}

/** A key, PEM, and where its certificate is served. */
export interface SnsSigner {
  readonly privateKey: string;
  readonly certificateUrl: string;
}

const SIGNED = {
  Notification: ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** The message with its signature: RSA with SHA-1 in version 1, with SHA-256 in version 2. */
export function signSnsMessage(message: SnsMessage, version: 1 | 2, { privateKey, certificateUrl }: SnsSigner) {
  const values = message as unknown as Readonly<Record<string, string>>;
  const text = SIGNED[message.Type].map((name) => `${name}\n${values[name]}\n`).join('');
  const signature = createSign(version === 1 ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text, 'utf8')
    .sign(privateKey, 'base64');
  return {
    ...message,
    SignatureVersion: String(version),
    Signature: signature,
    SigningCertURL: certificateUrl,
  };
}
