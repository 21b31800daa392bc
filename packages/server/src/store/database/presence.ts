/** Tells the servers and commands that work on one store from each other. */
export interface Presence {
  /**
   * Says that this process works on the store from now on. True when no other does that has said so: however a process
   * ends, it counts no more.
   */
  readonly alone: () => Promise<boolean>;
  /** Says it again where that was forgotten, after {@link alone}: a database that starts again knows nobody. */
  readonly stay: () => Promise<void>;
  readonly release: () => Promise<void>;
}
