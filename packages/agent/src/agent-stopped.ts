/** Why an agent cannot go on without a person: the message says what to do. */
export class AgentStopped extends Error {}
