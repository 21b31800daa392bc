import type { CallerIdentity } from './audit-record.ts';

/** Whose key a request that was not authenticated says it has: nothing of it is proved. */
export function claimedIdentity(authorization: string | undefined): CallerIdentity {
  const [, accessKeyId, region] = CREDENTIAL.exec(authorization?.slice(0, 1024) ?? '') ?? [];
  return { proved: false, accessKeyId, region };
}

const CREDENTIAL = /\bCredential=([A-Za-z0-9_-]{1,128})\/[^/,]{0,64}\/([a-z0-9-]{1,64})\//;
