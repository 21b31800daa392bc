/** Why a request is not authenticated: a plain value, `type` being the error's name on the wire (HTTP 400). */
export interface SignatureFault {
  readonly type:
    | 'MissingAuthenticationTokenException'
    | 'IncompleteSignatureException'
    | 'UnrecognizedClientException'
    | 'InvalidSignatureException';
  /** Says what is wrong and what the caller can do about it. */
  readonly message: string;
}

export const missing = (message: string): SignatureFault => ({ type: 'MissingAuthenticationTokenException', message });
export const incomplete = (message: string): SignatureFault => ({ type: 'IncompleteSignatureException', message });
export const invalid = (message: string): SignatureFault => ({ type: 'InvalidSignatureException', message });
export const unrecognized = (message: string): SignatureFault => ({ type: 'UnrecognizedClientException', message });

/** For the caller of `parseAuthorization` whose look-up finds no such access key, or a revoked one. */
export const unknownAccessKey = (accessKeyId: string): SignatureFault =>
  unrecognized(
    `The access key ${accessKeyId} is not known to this server, or has been revoked. ` +
      'Check AWS_ACCESS_KEY_ID; "assay keys list" shows the keys that are valid.',
  );

/** Narrows the result of `parseAuthorization` and `verifySignature`. */
export const isFault = (result: object): result is SignatureFault => 'type' in result;
