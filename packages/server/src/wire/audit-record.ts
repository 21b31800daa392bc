import { partitionOf } from '@assay/model/arn.ts';
import { isRead } from '../operations/is-read.ts';
import type { RequestOrigin } from './origin.ts';

/** Who a call is from: proved, or only claimed by a request that was not authenticated. */
export type CallerIdentity =
  | { readonly proved: true; readonly accessKeyId: string; readonly account: string; readonly region: string }
  | { readonly proved: false; readonly accessKeyId: string | undefined; readonly region: string | undefined };

/** A call that is over, as its record needs it. */
export interface AuditedCall {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly requestId: string;
  readonly eventId: string;
  /** The service that was called, and the version of its API; Inspector where the request named none. */
  readonly service: { readonly name: string; readonly apiVersion: string };
  /** As the request named it; undefined when it named none. */
  readonly operation: string | undefined;
  readonly identity: CallerIdentity;
  readonly origin: RequestOrigin;
  /** Parsed, so without members that the API does not know; undefined when it was not read. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  /** Bytes of the body that `input` was parsed from. */
  readonly inputBytes: number;
  /** The reply; undefined when the call was refused. */
  readonly output: object | undefined;
  readonly error: { readonly type: string; readonly errorCode?: string; readonly message: string } | undefined;
  /** Calls like this one that have no record, since the one before that has. */
  readonly leftOut: number;
}

/** CloudTrail's limits, in characters. */
const LIMITS = { parameters: 100 * 1024, text: 1024 };
/** CloudTrail's words for a value that it keeps out. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/**
 * One line of JSON in CloudTrail's record format, version 1.11, without its line break. Source: CloudTrail's event
 * reference; apiVersion as the original wrote it. Pagination tokens are hidden; credentials, signatures and session
 * tokens are no part of what is recorded, and neither are replies to reads.
 */
export function auditRecord(call: AuditedCall): string {
  const { service, operation = 'Unknown', identity, origin, error } = call;
  const readOnly = isRead(operation);
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: userIdentity(identity),
    eventTime: eventTime(Math.floor(call.at / 1000)),
    eventSource: `${service.name}.amazonaws.com`,
    eventName: operation,
    awsRegion: identity.region ?? 'unknown',
    sourceIPAddress: origin.address,
    userAgent: bounded(origin.userAgent),
    errorCode: error?.type,
    // Of the API's errors the type says little without its code.
    errorMessage: error && bounded(error.errorCode ? `${error.errorCode}: ${error.message}` : error.message),
    requestParameters: parameters(call),
    responseElements: readOnly ? null : elements(call.output),
    additionalEventData: call.leftOut > 0 ? { similarCallsNotRecorded: call.leftOut } : undefined,
    requestID: call.requestId,
    eventID: call.eventId,
    readOnly,
    eventType: 'AwsApiCall',
    apiVersion: `v${service.apiVersion.replaceAll('-', '')}`,
    managementEvent: true,
    recipientAccountId: identity.proved ? identity.account : undefined,
    eventCategory: 'Management',
    tlsDetails: origin.tls && {
      tlsVersion: origin.tls.version,
      cipherSuite: origin.tls.cipher,
      clientProvidedHostHeader: bounded(origin.host),
    },
  });
}

/** The time of the last record: many are of one second. */
let last = { second: 0, text: '1970-01-01T00:00:00Z' };

function eventTime(second: number): string {
  if (last.second !== second) last = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  return last.text;
}

function userIdentity(identity: CallerIdentity): object {
  const { accessKeyId } = identity;
  if (!identity.proved) return { type: 'Unknown', accessKeyId };
  const { account, region } = identity;
  return {
    type: 'IAMUser',
    principalId: accessKeyId,
    arn: `arn:${partitionOf(region)}:iam::${account}:user/${accessKeyId}`,
    accountId: account,
    accessKeyId,
    userName: accessKeyId,
  };
}

/** Only a large body is measured, and without what the API does not know: padding a request does not hide it. */
function parameters({ input, inputBytes }: AuditedCall): object | null {
  if (input === undefined || isEmpty(input)) return null;
  const shown = input.nextToken === undefined ? input : { ...input, nextToken: HIDDEN };
  const size = inputBytes > LIMITS.parameters ? JSON.stringify(shown).length : 0;
  if (size <= LIMITS.parameters) return shown;
  return { reason: 'requestParameters too large', omitted: 'true', originalSize: String(size) };
}

const elements = (output: object | undefined): object | null => (output && !isEmpty(output) ? output : null);

const isEmpty = (value: object): boolean => {
  for (const _ in value) return false;
  return true;
};

const bounded = (text: string | undefined): string | undefined =>
  text === undefined || text.length <= LIMITS.text ? text : `${text.slice(0, LIMITS.text - 1)}…`;
