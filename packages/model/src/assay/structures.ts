/** Values and structures of the Assay API that several operations share. */
import {
  AgentId,
  AgentVersion,
  Arn,
  Bool,
  FailedItemErrorCode,
  Hostname,
  Ipv4Address,
  KernelVersion,
  NamePattern,
  OperatingSystem,
  TagKey,
  TagValue,
  Timestamp,
} from '../api/values.ts';
import { enumeration, integer, list, map, string, structure } from '../shape.ts';

export const MaxResults = integer({ min: 1, max: 500 });
export const NextToken = string({ min: 1, max: 300 });
export const Text = string({ max: 20_000 });

export const Tag = structure({ key: TagKey, value: TagValue }, 'key', 'value');
export const TagList = list(Tag, { max: 50 });
/** A tag that is asked for: with any value where none is given. */
export const TagFilter = structure({ key: TagKey, value: TagValue }, 'key');
export const TagFilterList = list(TagFilter, { min: 1, max: 10 });

export const FailedItem = structure({ failureCode: FailedItemErrorCode, retryable: Bool }, 'failureCode', 'retryable');
export const FailedItemMap = map(Arn, FailedItem);
export const ArnList = list(Arn, { min: 1, max: 100 });

export const HostHealth = enumeration('HEALTHY', 'UNHEALTHY');
export const HostHealthCode = enumeration('IDLE', 'RUNNING', 'SHUTDOWN', 'UNHEALTHY');
export const Host = structure(
  {
    hostArn: Arn,
    agentId: AgentId,
    hostname: Hostname,
    operatingSystem: OperatingSystem,
    kernelVersion: KernelVersion,
    agentVersion: AgentVersion,
    ipv4Address: Ipv4Address,
    privileged: Bool,
    tags: TagList,
    health: HostHealth,
    healthCode: HostHealthCode,
    healthDetails: Text,
    enrolledAt: Timestamp,
    lastHeardAt: Timestamp,
  },
  'hostArn',
  'agentId',
  'hostname',
  'operatingSystem',
  'agentVersion',
  'privileged',
  'tags',
  'health',
  'healthCode',
  'healthDetails',
  'enrolledAt',
  'lastHeardAt',
);
export const HostList = list(Host);
export const HostFilter = structure({
  hostnamePattern: NamePattern,
  operatingSystemPattern: NamePattern,
  health: HostHealth,
  tags: TagFilterList,
});
