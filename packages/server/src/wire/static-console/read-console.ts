import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { stripTypes } from './strip-types.ts';

/** Directories of sources. */
export interface ConsoleDirectories {
  readonly console: string;
  readonly model: string;
}

export interface ConsoleFile {
  readonly body: Buffer;
  readonly type: string;
  /** Quoted, as in the ETag header. */
  readonly etag: string;
}

export interface ConsoleSite {
  /** By the path after `/console/`; the page itself is the empty path. */
  readonly files: ReadonlyMap<string, ConsoleFile>;
  readonly contentSecurityPolicy: string;
}

const types: Readonly<Record<string, string>> = {
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
};
const PAGE = 'index.html';

/**
 * All that the console is made of, ready to be sent: its page, its style and its modules, and the model's modules under
 * `model/`. Undefined where the sources are not there.
 */
export async function readConsole(directories: ConsoleDirectories): Promise<ConsoleSite | undefined> {
  const sources = await Promise.all([
    readSources(directories.console, ''),
    readSources(directories.model, 'model/'),
  ]).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  const page = sources?.flat().find(({ path }) => path === PAGE);
  if (!sources || !page) return undefined;
  const all = sources.flat();
  const modules = all.filter(({ extension }) => extension === 'ts');
  const stripped = await stripTypes(modules.map(({ text }) => text));
  const scripts = new Map(modules.map(({ path }, index) => [path, stripped[index] ?? '']));
  return {
    files: new Map(
      all.map(({ path, extension, text }) => [
        path === PAGE ? '' : path,
        toFile(scripts.get(path) ?? text, types[extension] ?? ''),
      ]),
    ),
    contentSecurityPolicy: policyFor(page.text),
  };
}

async function readSources(directory: string, prefix: string) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length).split(sep).filter(Boolean).join('/'));
  const wanted = names.filter((name) => extensionOf(name) in types);
  return Promise.all(
    wanted.map(async (name) => ({
      path: `${prefix}${name}`,
      extension: extensionOf(name),
      text: await readFile(join(directory, name), 'utf8'),
    })),
  );
}

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function toFile(text: string, type: string): ConsoleFile {
  const body = Buffer.from(text);
  return { body, type, etag: `"${hash('sha256', body, 'base64url').slice(0, 27)}"` };
}

/** Only the server's own modules and the page's import map run, and nothing is fetched from elsewhere. */
function policyFor(page: string): string {
  const maps = [...page.matchAll(/<script type="importmap">(.*?)<\/script>/gs)];
  const hashes = maps.map(([, content = '']) => ` 'sha256-${hash('sha256', content, 'base64')}'`);
  return [
    "default-src 'none'",
    `script-src 'self'${hashes.join('')}`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
