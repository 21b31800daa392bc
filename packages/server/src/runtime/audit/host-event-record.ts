import type { Scope } from '@assay/model/arn.ts';
import type { HostEvent } from '../../engine/agents/host-event.ts';

/**
 * One line of JSON in CloudTrail's format for what befell a host without anybody's call: an event of the service, not a call
 * of its API. `at` is in milliseconds since the epoch.
 */
export function hostEventRecord(
  { scope: _scope, name, agent, hostname, ...details }: HostEvent,
  { account, region }: Scope,
  at: number,
  eventID: string,
): string {
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: { type: 'AWSService', invokedBy: agent },
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    eventSource: 'assay.amazonaws.com',
    eventName: name,
    awsRegion: region,
    requestParameters: null,
    responseElements: null,
    eventID,
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: account,
    serviceEventDetails: { agentId: agent, hostname, ...details },
    eventCategory: 'Management',
  });
}
