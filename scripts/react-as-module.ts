import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const REACT = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client'];
const PREFIX = '\0module:';

/**
 * Makes React, which comes as CommonJS, a module with named exports: every file of the console would need the bundler's helpers
 * for CommonJS otherwise, which are one file more to ask for.
 */
export function reactAsModule(root: string): Plugin {
  const require = createRequire(join(root, 'packages/console/package.json'));
  return {
    name: 'react-as-module',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!REACT.includes(id)) return undefined;
      // CommonJS asks for CommonJS.
      const isInside =
        importer?.startsWith(PREFIX) || /node_modules\/(?:react|react-dom|scheduler)\//.test(importer ?? '');
      return isInside ? require.resolve(id) : `${PREFIX}${id}`;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const name = id.slice(PREFIX.length);
      const names = Object.keys(require(name) as object).filter(
        (each) => /^[A-Za-z]\w*$/.test(each) && each !== 'default',
      );
      return `import whole from '${name}'; export default whole; export const { ${names.join(', ')} } = whole;`;
    },
  };
}
