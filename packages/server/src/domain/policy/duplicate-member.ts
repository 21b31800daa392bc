const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * The first member name that an object of a JSON text has twice; JSON.parse would keep the last and drop the other in
 * silence. The text must be valid JSON.
 */
export function duplicateMember(json: string): string | undefined {
  /** The names so far of each object that is open; a list has none. */
  const open: (Set<string> | undefined)[] = [];
  let text = '';
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const name = JSON.parse(text) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    } else if (token !== ',') text = token;
  }
  return undefined;
}
