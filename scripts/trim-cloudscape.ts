import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const COMPONENTS = 'node_modules/@cloudscape-design/components/';
const APP_LAYOUT = `${COMPONENTS}app-layout/internal.js`;
const MESSAGES = `${COMPONENTS}i18n/messages/all.en.js`;
const MOBILE_TOOLBAR = `${COMPONENTS}app-layout/visual-refresh/mobile-toolbar.js`;
const PARSER = '@formatjs/icu-messageformat-parser';

/** Components that the console has no use for: their messages are not loaded. */
const UNUSED = [
  'annotation-context',
  'cards',
  'code-editor',
  'date-picker',
  'date-range-picker',
  'file-upload',
  'help-panel',
  'pie-chart',
  'prompt-input',
  's3-resource-selector',
  'slider',
  'tag-editor',
  'tree-view',
  'tutorial-panel',
];

/**
 * Leaves out of the first view what no page of the console can reach, a quarter of its scripts:
 *
 * - Two of Cloudscape's three app layouts. One is for themes before the visual refresh, which the package always has; the
 *   other is behind a flag that only AWS's own consoles set.
 * - The parser of ICU messages: Cloudscape's messages come parsed.
 * - An attribute that WAI-ARIA does not allow where it is: `aria-orientation` on the navigation of narrow screens.
 * - The messages of components that the console does not use. A component that is used is told, so that none loses its texts.
 *
 * Throws where Cloudscape is not as expected here: look at a new version before it is packed.
 */
export function trimCloudscape(root: string): Plugin {
  return {
    name: 'trim-cloudscape',
    enforce: 'pre',
    resolveId(id) {
      return id === PARSER ? join(root, 'node_modules', PARSER, 'lib/no-parser.js') : undefined;
    },
    transform(code, id) {
      const [path = ''] = id.split('?');
      if (path.endsWith(APP_LAYOUT)) return { code: refreshedLayout(code), map: null };
      if (path.endsWith(MOBILE_TOOLBAR)) return { code: allowedAttributes(code), map: null };
      if (path.endsWith(MESSAGES)) return { code: usedMessages(code), map: null };
      return undefined;
    },
    buildEnd() {
      for (const name of UNUSED) {
        const id = join(root, COMPONENTS, name, 'index.js');
        if (this.getModuleInfo(id)) {
          throw new Error(`The console uses ${name} now: take it out of UNUSED in scripts/trim-cloudscape.ts.`);
        }
      }
      if (
        !/ALWAYS_VISUAL_REFRESH = true/.test(readFileSync(join(root, COMPONENTS, 'internal/environment.js'), 'utf8'))
      ) {
        throw new Error('Cloudscape has other themes than the visual refresh: see scripts/trim-cloudscape.ts.');
      }
    },
  };
}

function refreshedLayout(code: string): string {
  const refreshed = "import RefreshedAppLayout from './visual-refresh';";
  if (!code.includes(refreshed) || !code.includes('export const AppLayoutInternal =')) {
    throw new Error("Cloudscape's app layout is made differently: see scripts/trim-cloudscape.ts.");
  }
  return "export { default as AppLayoutInternal } from './visual-refresh';";
}

function allowedAttributes(code: string): string {
  const attribute = '"aria-orientation": "horizontal", ';
  if (!code.includes(`React.createElement("nav", `) || code.split(attribute).length !== 2) {
    throw new Error("Cloudscape's navigation of narrow screens is made differently: see scripts/trim-cloudscape.ts.");
  }
  return code.replace(attribute, '');
}

function usedMessages(code: string): string {
  const [, json = ''] = /^export default (\{.*\});?\s*$/s.exec(code) ?? [];
  const messages = JSON.parse(json) as Record<string, { en: Record<string, Record<string, unknown>> }>;
  for (const { en } of Object.values(messages)) {
    for (const name of UNUSED) delete en[name];
    for (const message of Object.values(en).flatMap((each) => Object.values(each))) {
      if (!Array.isArray(message))
        throw new Error('A message of Cloudscape is not parsed: see scripts/trim-cloudscape.ts.');
    }
  }
  return `export default ${JSON.stringify(messages)};`;
}
