import type { Scope } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import type { EnrollmentToken as EnrollmentTokenShape } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import { tokenId, tokenState } from '../../engine/hosts/enrollment-tokens.ts';
import type { EnrollmentToken } from '../../store/tables/enrollment-tokens.ts';

/** A token as the API describes it. `now` is in milliseconds since the epoch. */
export const enrollmentTokenItem = (
  scope: Scope,
  token: EnrollmentToken,
  now: number,
): Static<typeof EnrollmentTokenShape> => ({
  tokenArn: assayArn(scope, 'token', tokenId(token)),
  tokenId: tokenId(token),
  state: tokenState(token, now),
  uses: token.uses,
  used: token.used,
  tags: [...token.tags],
  createdAt: token.createdAt / 1000,
  expiresAt: token.expiresAt / 1000,
  ...(token.revokedAt === null ? {} : { revokedAt: token.revokedAt / 1000 }),
});
