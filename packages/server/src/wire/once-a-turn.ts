/**
 * Looks a name up once for all who ask for it in the same turn of the event loop. It is looked up after the last of them
 * asked, so that nobody's answer is older than the question.
 */
export function onceATurn<T>(lookUp: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (name) => {
    const known = asked.get(name);
    if (known) return known;
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      asked.delete(name);
      return lookUp(name);
    });
    asked.set(name, answer);
    return answer;
  };
}
