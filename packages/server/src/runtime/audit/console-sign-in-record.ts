import { partitionOf } from '@assay/model/arn.ts';
import type { SignInUse } from '../console/sign-in-links.ts';

const WHY: Readonly<Record<NonNullable<SignInUse['refused']>, string>> = {
  EXPIRED: 'The link had expired',
  OTHER_USER: 'Another user of this machine followed the link',
};

/**
 * One line of JSON in CloudTrail's format for the use of a link that signs in to the console: a ConsoleLogin event, as AWS's
 * own console has them. `account` is the key's; undefined where the key is not there any more. `at` is in milliseconds since
 * the epoch.
 */
export function consoleSignInRecord(
  { accessKeyId, region, refused, connection }: SignInUse,
  account: string | undefined,
  at: number,
  eventID: string,
): string {
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: accessKeyId,
      ...(account === undefined
        ? {}
        : { arn: `arn:${partitionOf(region)}:iam::${account}:user/${accessKeyId}`, accountId: account }),
      accessKeyId,
      userName: accessKeyId,
    },
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    awsRegion: region,
    sourceIPAddress: connection.remoteAddress,
    userAgent: connection.userAgent?.slice(0, 1024),
    errorMessage: refused && WHY[refused],
    requestParameters: null,
    responseElements: { ConsoleLogin: refused ? 'Failure' : 'Success' },
    additionalEventData: { signInBy: 'one-time link' },
    eventID,
    readOnly: false,
    eventType: 'AwsConsoleSignIn',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  });
}
