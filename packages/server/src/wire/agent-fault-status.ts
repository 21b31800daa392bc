import type { AgentFaultCode } from '../engine/agents/agent-fault.ts';

/** The HTTP status of each fault of the agent channel. */
export const agentFaultStatus: Readonly<Record<AgentFaultCode, number>> = {
  BadSignature: 401,
  ClockSkew: 401,
  CollectionOver: 409,
  EvidenceMissing: 409,
  IdentityInUse: 409,
  InvalidEvidence: 400,
  InvalidMessage: 400,
  InvalidPublicKey: 400,
  InvalidToken: 403,
  NoContent: 404,
  NotDecompressible: 413,
  NotInRun: 404,
  NotJson: 400,
  NotSigned: 401,
  Removed: 403,
  TooDeep: 400,
  TooLarge: 413,
  TooManyDocuments: 503,
  TooManyRequests: 429,
  TooManyValues: 400,
  UnknownKind: 404,
};
