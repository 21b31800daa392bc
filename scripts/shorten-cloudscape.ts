import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const CLASS = /awsui_[\w-]+?_[a-z0-9]{5}_[a-z0-9]{5}_\d+/g;
/** Custom properties that Cloudscape names with a digest. */
const PROPERTY = /--[a-z][a-z0-9-]*-[a-z0-9]{6}(?![\w-])/g;
const THEME = 'internal/base-theme/styles.scoped.css';

/**
 * Gives Cloudscape's 1,800 classes and 1,000 custom properties short names, the same in its style and its scripts, and takes
 * away what its style falls back to where its theme, which is always loaded, says the same. That is half of the style that a
 * browser loads. Names depend on the version of Cloudscape alone: a file whose content is unchanged keeps its name.
 */
export function shortenCloudscape(root: string): Plugin {
  const components = join(root, 'node_modules/@cloudscape-design/components');
  const paths = globSync('**/*.css', { cwd: components }).sort();
  const texts = paths.map((path) => readFileSync(join(components, path), 'utf8'));
  const classes = shortNames(texts, CLASS, 'c');
  const properties = shortNames(texts, PROPERTY, '--');
  const theme = new Set(texts[paths.indexOf(THEME)]?.match(/--[\w-]+(?=:)/g));
  return {
    name: 'shorten-cloudscape',
    enforce: 'pre',
    transform(code, id) {
      const [path = ''] = id.split('?');
      const isStyle = path.endsWith('.css');
      // The console's own style may use properties of the theme.
      if (!isStyle && !path.includes('@cloudscape-design')) return undefined;
      const short = (isStyle ? withoutFallbacks(code, theme) : code)
        .replace(CLASS, (name) => classes.get(name) ?? name)
        .replace(PROPERTY, (name) => properties.get(name) ?? name);
      return { code: short, map: null };
    },
  };
}

/** A short name for each that is there, in the order of the files. */
function shortNames(texts: readonly string[], pattern: RegExp, prefix: string): ReadonlyMap<string, string> {
  const names = new Set(texts.flatMap((text) => text.match(pattern) ?? []));
  return new Map([...names].map((name, index) => [name, `${prefix}${index.toString(36)}`]));
}

/** `var(--known, …)` becomes `var(--known)`, however deep the parentheses of what it falls back to. */
function withoutFallbacks(style: string, known: ReadonlySet<string>): string {
  let short = '';
  let from = 0;
  for (const { 0: text, 1: name = '', index } of style.matchAll(/var\(\s*(--[\w-]+)\s*,/g)) {
    if (index < from || !known.has(name)) continue;
    let depth = 1;
    let at = index + text.length;
    for (; depth > 0 && at < style.length; at += 1) {
      if (style[at] === '(') depth += 1;
      if (style[at] === ')') depth -= 1;
    }
    short += `${style.slice(from, index)}var(${name})`;
    from = at;
  }
  return short + style.slice(from);
}
