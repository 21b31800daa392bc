/** Lets all else that is ready go first: for work that would keep a thread from answering for long. */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
