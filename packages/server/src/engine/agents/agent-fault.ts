/** What a server refuses an agent: an HTTP status, a code for programs and a sentence for people. */
export class AgentFault extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 503;
  readonly code: string;
  constructor(status: AgentFault['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
