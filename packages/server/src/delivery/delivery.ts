/** What senders share: what they send, where to, and what came of it. */

/** One event for one topic. Times in milliseconds since the epoch. */
export interface Outgoing {
  /** UUID: stays the same for as long as the event is tried, and for every topic that is told of it. */
  readonly messageId: string;
  readonly topicArn: string;
  readonly event: string;
  /** JSON, as the original writes it. */
  readonly message: string;
  readonly happenedAt: number;
}

/** Sealed at rest, never in a log or an answer. */
export interface TopicSecrets {
  /** Sent with each POST. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Standard Webhooks: `whsec_` and Base64. */
  readonly signingSecret?: string;
}

/** Where a topic's events go. */
export interface Address {
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly signatureVersion: 1 | 2;
  readonly secrets: TopicSecrets;
  /** What links in SNS messages prove themselves by. */
  readonly token: string;
}

/** The API's words for what came of a delivery that failed. */
export type FailureStatus = 'TOPIC_DOES_NOT_EXIST' | 'ACCESS_DENIED' | 'INTERNAL_ERROR';

export type Outcome =
  | { readonly delivered: true }
  | {
      readonly delivered: false;
      readonly status: FailureStatus;
      readonly error: string;
      /** Milliseconds that the receiver asks to be left alone. */
      readonly retryAfter?: number;
    };

/** Sends one event to one address. Resolves whatever the receiver does. */
export type Send = (address: Address, outgoing: Outgoing, stop: AbortSignal) => Promise<Outcome>;

export const failed = (status: FailureStatus, error: string): Outcome => ({ delivered: false, status, error });
