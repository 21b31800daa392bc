/** What can be wrong with what an agent sent, for programs. */
export type AgentFaultCode =
  | 'BadSignature'
  | 'ClockSkew'
  | 'CollectionOver'
  | 'EvidenceMissing'
  | 'IdentityInUse'
  | 'InvalidEvidence'
  | 'InvalidMessage'
  | 'InvalidPublicKey'
  | 'InvalidToken'
  | 'NoContent'
  | 'NotDecompressible'
  | 'NotInRun'
  | 'NotJson'
  | 'NotSigned'
  | 'Removed'
  | 'TooDeep'
  | 'TooLarge'
  | 'TooManyDocuments'
  | 'TooManyRequests'
  | 'TooManyValues'
  | 'UnknownKind';

/** What a server refuses an agent: a code for programs and a sentence for people. */
export class AgentFault extends Error {
  readonly code: AgentFaultCode;
  constructor(code: AgentFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}
